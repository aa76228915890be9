ALTER TABLE "decision_draft" ADD CONSTRAINT "decision_draft_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;
