-- The delivery whose last message asks what is open.
ALTER TABLE "identity" ADD COLUMN "asked_in" BIGINT;
