-- By which code a chat was tied, so that the same message again says the same. And who has tried codes that do not work.
ALTER TABLE "member_identity" ADD COLUMN "code_hash" TEXT;

CREATE TABLE "member_attempt" (
  "identity_key" TEXT NOT NULL,
  "wrong" INTEGER NOT NULL,
  "since" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "member_attempt_pkey" PRIMARY KEY ("identity_key")
);
