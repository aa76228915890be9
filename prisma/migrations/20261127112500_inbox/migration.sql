-- An update is kept before it is handled: `waiting`, then `done`. `failed` ones wait aside and hold up no later words.
ALTER TABLE "inbound_update" ADD COLUMN "seq" BIGSERIAL NOT NULL;
ALTER TABLE "inbound_update" ADD COLUMN "person" TEXT;
UPDATE "inbound_update" SET "person" = "payload"->'sender'->>'key' WHERE "payload" IS NOT NULL;
CREATE INDEX "inbound_waiting" ON "inbound_update" ("person", "seq") WHERE "state" = 'waiting';

-- How far a person is ahead of the pace at which they are answered, and what is held back of our answers.
ALTER TABLE "identity" ADD COLUMN "pacing" JSONB;
ALTER TABLE "identity" ADD COLUMN "answer_at" TIMESTAMPTZ(3);
CREATE INDEX "identity_answer_at" ON "identity" ("answer_at") WHERE "answer_at" IS NOT NULL;

-- Replies of which nobody knows whether they arrived: repeated when the person is heard of again.
CREATE INDEX "delivery_unsure_reply" ON "delivery" ("identity_id") WHERE "state" = 'uncertain' AND "notice_id" IS NULL;
