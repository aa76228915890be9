-- A file that two people send is each one's own, and is kept for as long as one of them needs it.
DROP INDEX "attachment_channel_ref_key";
CREATE UNIQUE INDEX "attachment_channel_ref_identity_id_key" ON "attachment"("channel", "ref", "identity_id");
ALTER TABLE "attachment" ADD COLUMN "needed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;
CREATE INDEX "attachment_needed_at_idx" ON "attachment"("needed_at");
