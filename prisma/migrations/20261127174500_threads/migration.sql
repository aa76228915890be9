-- What somebody asks or disagrees with is answered in plain words, in a thread of its own.
CREATE TABLE "thread" (
  "id" UUID NOT NULL,
  "reference" TEXT NOT NULL,
  "kind" TEXT NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'open',
  "identity_id" BIGINT NOT NULL,
  "response_id" UUID,
  "contribution_id" UUID,
  "assigned" TEXT,
  "opened_at" TIMESTAMPTZ(3) NOT NULL,
  "due_at" TIMESTAMPTZ(3) NOT NULL,
  "closed_at" TIMESTAMPTZ(3),
  "closed_by" TEXT,
  "process_id" INTEGER NOT NULL DEFAULT current_process(),
  CONSTRAINT "thread_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "thread_kind_check" CHECK ("kind" IN ('question', 'disagreement', 'misunderstanding')),
  CONSTRAINT "thread_state_check" CHECK ("state" IN ('open', 'answered', 'closed'))
);
CREATE UNIQUE INDEX "thread_reference_key" ON "thread"("reference");
CREATE INDEX "thread_process_id_state_due_at_idx" ON "thread"("process_id", "state", "due_at");
CREATE INDEX "thread_identity_id_idx" ON "thread"("identity_id");
CREATE INDEX "thread_response_id_idx" ON "thread"("response_id");
CREATE INDEX "thread_contribution_id_idx" ON "thread"("contribution_id");
ALTER TABLE "thread" ADD CONSTRAINT "thread_process_id_fkey" FOREIGN KEY ("process_id") REFERENCES "process"("id");
ALTER TABLE "thread" ADD CONSTRAINT "thread_identity_id_fkey" FOREIGN KEY ("identity_id") REFERENCES "identity"("id");
ALTER TABLE "thread" ADD CONSTRAINT "thread_response_id_fkey" FOREIGN KEY ("response_id") REFERENCES "response"("id");
ALTER TABLE "thread" ADD CONSTRAINT "thread_contribution_id_fkey" FOREIGN KEY ("contribution_id") REFERENCES "contribution"("id");

CREATE TABLE "thread_message" (
  "id" BIGSERIAL NOT NULL,
  "thread_id" UUID NOT NULL,
  "by" TEXT,
  "text" TEXT NOT NULL,
  "attachments" JSONB NOT NULL DEFAULT '[]',
  "language" TEXT,
  "message_id" TEXT,
  "at" TIMESTAMPTZ(3) NOT NULL,
  "told_at" TIMESTAMPTZ(3),
  CONSTRAINT "thread_message_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "thread_message_thread_id_id_idx" ON "thread_message"("thread_id", "id");
-- What members are still to be told of is looked for every few seconds.
CREATE INDEX "thread_message_untold" ON "thread_message"("id") WHERE "by" IS NULL AND "told_at" IS NULL;
ALTER TABLE "thread_message" ADD CONSTRAINT "thread_message_thread_id_fkey" FOREIGN KEY ("thread_id") REFERENCES "thread"("id");

ALTER TABLE "identity" ADD COLUMN "thread_until" TIMESTAMPTZ(3);
ALTER TABLE "response" ADD COLUMN "accepted_at" TIMESTAMPTZ(3);
ALTER TABLE "delivery" ADD COLUMN "thread_id" UUID;
-- Whoever answers a message of ours is answered where it belongs.
CREATE INDEX "delivery_of_thread" ON "delivery"("identity_id") WHERE "thread_id" IS NOT NULL;

-- Until now each of these was a contribution of the kind `reply`. "It is clear" is said of the response; what nobody has decided on
-- goes on as a thread under its reference; what the forum has decided on stays a contribution, with all that was answered.
UPDATE "response" r SET "accepted_at" = c."submitted_at"
  FROM "contribution" c WHERE c."kind" = 'reply' AND c."reply_to" = r."id" AND c."fields"->>'reply' = 'clear';

CREATE TEMPORARY TABLE "moving" ON COMMIT DROP AS
  SELECT c.*, coalesce(c."fields"->>'reply', '') AS "reply", r."contribution_id" AS "about"
  FROM "contribution" c LEFT JOIN "response" r ON r."id" = c."reply_to"
  WHERE c."kind" = 'reply' AND NOT EXISTS (SELECT FROM "response" d WHERE d."contribution_id" = c."id");

INSERT INTO "thread" ("id", "reference", "kind", "state", "identity_id", "response_id", "contribution_id", "opened_at", "due_at",
    "closed_at", "closed_by", "process_id")
  SELECT "id", "reference", CASE "reply" WHEN 'disagree' THEN 'disagreement' ELSE 'question' END,
    CASE "state" WHEN 'withdrawn' THEN 'closed' ELSE 'open' END, "identity_id", "reply_to", "about", "submitted_at",
    now() + interval '7 days', CASE "state" WHEN 'withdrawn' THEN "updated_at" END,
    CASE "state" WHEN 'withdrawn' THEN 'person' END, "process_id"
  FROM "moving" WHERE "reply" <> 'clear';
INSERT INTO "thread_message" ("thread_id", "text", "attachments", "language", "message_id", "at", "told_at")
  SELECT "id", "text", "attachments", "language", "message_id", "submitted_at",
    CASE "state" WHEN 'withdrawn' THEN "updated_at" END
  FROM "moving" WHERE "reply" <> 'clear' ORDER BY "submitted_at";

DELETE FROM "contribution_version" v USING "moving" m WHERE v."contribution_id" = m."id";
DELETE FROM "contribution" c USING "moving" m WHERE c."id" = m."id";
UPDATE "contribution" SET "kind" = 'comment', "fields" = "fields" || jsonb_build_object('response', "reply_to") WHERE "kind" = 'reply';
ALTER TABLE "contribution" DROP CONSTRAINT "contribution_kind_check",
  ADD CONSTRAINT "contribution_kind_check" CHECK ("kind" IN ('idea', 'answer', 'comment'));
ALTER TABLE "contribution" DROP COLUMN "reply_to";
