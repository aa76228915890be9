-- A contribution may be of several messages, each of which holds a part of its words.
ALTER TABLE "contribution" ADD COLUMN "parts" JSONB NOT NULL DEFAULT '[]';
-- Lengths are those of JavaScript, where a letter beyond the 65,536th is two.
UPDATE "contribution" SET "parts" = jsonb_build_array(jsonb_build_object('messageId', "message_id", 'at', 0, 'length',
  length("text") + length(regexp_replace("text", '[^\U00010000-\U0010FFFF]', '', 'g'))))
WHERE "message_id" IS NOT NULL;
DROP INDEX "contribution_identity_id_message_id_idx";
ALTER TABLE "contribution" DROP COLUMN "message_id";
CREATE INDEX "contribution_identity_id_idx" ON "contribution"("identity_id");
