-- Whoever agreed and gave nothing, or left something unfinished, is reminded once.
ALTER TABLE "identity" ADD COLUMN "remind_at" TIMESTAMPTZ(3), ADD COLUMN "reminded_at" TIMESTAMPTZ(3);
CREATE INDEX "identity_remind_at" ON "identity" ("remind_at") WHERE "remind_at" IS NOT NULL;
