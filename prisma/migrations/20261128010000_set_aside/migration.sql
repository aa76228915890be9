-- What is no contribution is set aside, with a reason.
ALTER TABLE "contribution" DROP CONSTRAINT "contribution_state_check",
  ADD CONSTRAINT "contribution_state_check" CHECK ("state" IN ('received', 'triaged', 'decided', 'released', 'delivered', 'withdrawn', 'set_aside'));
ALTER TABLE "triage" ADD COLUMN "aside" TEXT;
CREATE INDEX "triage_aside_idx" ON "triage"("aside");
