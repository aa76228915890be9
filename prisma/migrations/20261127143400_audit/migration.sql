-- What members and operators did, or were refused: only ever added to.
CREATE TABLE "audit" (
  "id" BIGSERIAL NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "actor" TEXT NOT NULL,
  "interface" TEXT NOT NULL,
  "action" TEXT NOT NULL,
  "subject" TEXT,
  "outcome" TEXT NOT NULL CHECK ("outcome" IN ('done', 'refused')),
  "detail" JSONB,
  "request" TEXT,
  CONSTRAINT "audit_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "audit_request_key" ON "audit"("request");
CREATE INDEX "audit_action_id_idx" ON "audit"("action", "id");
CREATE INDEX "audit_actor_id_idx" ON "audit"("actor", "id");

CREATE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS
  E'BEGIN RAISE EXCEPTION ''The audit is only ever added to.''\073 END\073';
CREATE TRIGGER audit_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON "audit"
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to();

-- Whatever nobody put their name to, and the program did not make itself, was done at the terminal.
UPDATE notice SET created_by = 'operator' WHERE created_by IS NULL AND origin IS NULL;
UPDATE notice SET scheduled_by = 'operator' WHERE scheduled_by IS NULL AND origin IS NULL AND state <> 'draft';
