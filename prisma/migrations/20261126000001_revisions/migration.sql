-- When everybody had it: until then the sweep looks after it.
ALTER TABLE "notice_revision" ADD COLUMN "done_at" TIMESTAMPTZ(3);
