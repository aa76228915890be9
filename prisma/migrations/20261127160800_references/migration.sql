-- What a row names is there. Deliveries have no such keys: a hundred thousand are made in one statement, which took 1.8 s without
-- and 5.0 s with them, and what makes them reads the very rows that they name.
ALTER TABLE "identity" ADD CONSTRAINT "identity_timeline_seen_fkey" FOREIGN KEY ("timeline_seen") REFERENCES "timeline"("number");
ALTER TABLE "consent_change" ADD CONSTRAINT "consent_change_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "identity"("id");
ALTER TABLE "contribution" ADD CONSTRAINT "contribution_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "identity"("id");
ALTER TABLE "contribution" ADD CONSTRAINT "contribution_reply_to_fkey" FOREIGN KEY ("reply_to") REFERENCES "response"("id");
ALTER TABLE "contribution_version" ADD CONSTRAINT "contribution_version_contribution_id_fkey" FOREIGN KEY ("contribution_id") REFERENCES "contribution"("id");
ALTER TABLE "response" ADD CONSTRAINT "response_contribution_id_fkey" FOREIGN KEY ("contribution_id") REFERENCES "contribution"("id");
ALTER TABLE "response" ADD CONSTRAINT "response_notice_id_fkey" FOREIGN KEY ("notice_id") REFERENCES "notice"("id");
ALTER TABLE "notice" ADD CONSTRAINT "notice_timeline_fkey" FOREIGN KEY ("timeline") REFERENCES "timeline"("number");
ALTER TABLE "notice" ADD CONSTRAINT "notice_turn_of_fkey" FOREIGN KEY ("turn_of") REFERENCES "notice"("id");
ALTER TABLE "notice_event" ADD CONSTRAINT "notice_event_notice_id_fkey" FOREIGN KEY ("notice_id") REFERENCES "notice"("id");
ALTER TABLE "notice_revision" ADD CONSTRAINT "notice_revision_notice_id_fkey" FOREIGN KEY ("notice_id") REFERENCES "notice"("id");
ALTER TABLE "member_identity" ADD CONSTRAINT "member_identity_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id");
ALTER TABLE "attendance" ADD CONSTRAINT "attendance_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "identity"("id");
ALTER TABLE "attachment" ADD CONSTRAINT "attachment_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "identity"("id");

-- Who is taken out again (a group that declined) is looked for there.
CREATE INDEX "attendance_identity_id_idx" ON "attendance"("identity_id");
CREATE INDEX "attachment_identity_id_idx" ON "attachment"("identity_id");

-- A state is one of those that there are. Channels and the kinds of notices have lists of their own in the program, which grow.
ALTER TABLE "identity"
  ADD CONSTRAINT "identity_kind_check" CHECK ("kind" IN ('person', 'group')),
  ADD CONSTRAINT "identity_status_check" CHECK ("status" IN ('active', 'asked', 'pending', 'stopped', 'unreachable', 'erased')),
  ADD CONSTRAINT "identity_wants_check" CHECK ("wants" IN ('all', 'chosen', 'critical')),
  ADD CONSTRAINT "identity_group_check" CHECK ("stakeholder_group" IN ('citizen', 'cso', 'government', 'private_sector', 'academia', 'left_out', 'other'));
ALTER TABLE "consent_change" ADD CONSTRAINT "consent_change_change_check" CHECK ("change" IN
  ('given', 'declined', 'stopped', 'restarted', 'preferences', 'profile_given', 'profile_declined', 'profile_removed'));
ALTER TABLE "inbound_update" ADD CONSTRAINT "inbound_update_state_check" CHECK ("state" IN ('waiting', 'failed', 'unreadable', 'done'));
ALTER TABLE "contribution"
  ADD CONSTRAINT "contribution_kind_check" CHECK ("kind" IN ('idea', 'answer', 'comment', 'reply')),
  ADD CONSTRAINT "contribution_attribution_check" CHECK ("attribution" IN ('name', 'group', 'nobody')),
  ADD CONSTRAINT "contribution_state_check" CHECK ("state" IN ('received', 'triaged', 'decided', 'released', 'delivered', 'withdrawn'));
ALTER TABLE "response"
  ADD CONSTRAINT "response_decision_check" CHECK ("decision" IN ('inclusion', 'amendment', 'rejection')),
  ADD CONSTRAINT "response_state_check" CHECK ("state" IN ('approved', 'released', 'delivered', 'superseded', 'undone'));
ALTER TABLE "notice"
  ADD CONSTRAINT "notice_on_uncertain_check" CHECK ("on_uncertain" IN ('resend', 'hold')),
  ADD CONSTRAINT "notice_state_check" CHECK ("state" IN ('draft', 'scheduled', 'running', 'paused', 'done', 'cancelled')),
  ADD CONSTRAINT "notice_approval_check" CHECK ("approval" IN ('needed', 'given'));
ALTER TABLE "notice_event" ADD CONSTRAINT "notice_event_what_check" CHECK ("what" IN ('created', 'scheduled', 'approved', 'begun',
  'outgrown', 'paused', 'resumed', 'cancelled', 'retried', 'edited', 'proposed', 'recalled'));
ALTER TABLE "member" ADD CONSTRAINT "member_roles_check" CHECK ("roles" <@ ARRAY['organizer', 'forum', 'liaison']);
ALTER TABLE "attendance"
  ADD CONSTRAINT "attendance_answer_check" CHECK ("answer" IN ('yes', 'maybe', 'no')),
  ADD CONSTRAINT "attendance_seat_check" CHECK ("seat" IN ('seat', 'waiting'));
ALTER TABLE "delivery" ADD CONSTRAINT "delivery_state_check" CHECK ("state" IN ('pending', 'sending', 'sent', 'failed', 'skipped', 'uncertain'));
ALTER TABLE "attachment" ADD CONSTRAINT "attachment_state_check" CHECK ("state" IN ('wanted', 'kept', 'refused'));
