-- What one member of the forum proposes in the chat, another confirms.
CREATE TABLE "proposal" (
  "id" UUID NOT NULL,
  "contribution_id" UUID NOT NULL,
  "decision" TEXT NOT NULL,
  "input" TEXT NOT NULL,
  "considered" TEXT NOT NULL,
  "influence" TEXT NOT NULL,
  "reason" TEXT NOT NULL,
  "beyond" TEXT NOT NULL,
  "by" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'open',
  CONSTRAINT "proposal_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "proposal_decision_check" CHECK ("decision" IN ('inclusion', 'amendment', 'rejection')),
  CONSTRAINT "proposal_state_check" CHECK ("state" IN ('open', 'confirmed', 'discarded'))
);
CREATE INDEX "proposal_contribution_id_idx" ON "proposal"("contribution_id");
CREATE UNIQUE INDEX "proposal_open" ON "proposal"("contribution_id") WHERE "state" = 'open';
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_contribution_id_fkey" FOREIGN KEY ("contribution_id") REFERENCES "contribution"("id");
