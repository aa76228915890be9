-- The files that people send, as they arrived: every process has them, and every backup.
CREATE TABLE "attachment" (
    "id" BIGSERIAL NOT NULL,
    "channel" TEXT NOT NULL,
    "ref" TEXT NOT NULL,
    "identity_id" BIGINT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'wanted',
    "bytes" BYTEA,
    "reason" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "attachment_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "attachment_channel_ref_key" ON "attachment"("channel", "ref");
CREATE INDEX "attachment_at_idx" ON "attachment" USING BRIN ("at");
CREATE INDEX "attachment_wanted" ON "attachment" ("next_at") WHERE "state" = 'wanted';
-- Pictures, voices and documents are compressed already.
ALTER TABLE "attachment" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;
