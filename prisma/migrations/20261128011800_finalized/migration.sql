-- When a process was finalized, by whom, and, where something was owed, why all the same and by whose word.
CREATE TABLE "override" (
  "id" UUID NOT NULL,
  "process_id" INTEGER NOT NULL,
  "reason" TEXT NOT NULL,
  "owed" JSONB NOT NULL,
  "opinions" JSONB NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'open',
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "override_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "override_state_check" CHECK (state IN ('open', 'confirmed', 'replaced'))
);
ALTER TABLE "override" ADD CONSTRAINT "override_process_id_fkey" FOREIGN KEY ("process_id") REFERENCES "process"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;
CREATE INDEX "override_process_id_idx" ON "override"("process_id");
CREATE UNIQUE INDEX "override_open_key" ON "override"("process_id") WHERE state = 'open';

ALTER TABLE "process" ADD COLUMN "finalized_at" TIMESTAMPTZ(3), ADD COLUMN "finalized_by" TEXT, ADD COLUMN "override_id" UUID;
