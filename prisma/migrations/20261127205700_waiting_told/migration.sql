-- Members are told at most once a day of what waits for them.
ALTER TABLE "member_identity" ADD COLUMN "told_at" TIMESTAMPTZ(3);
