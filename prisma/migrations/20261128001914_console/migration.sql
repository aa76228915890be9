-- Members come into the console by a link of one use, and have sessions there.
CREATE TABLE "console_link" (
  "hash" TEXT NOT NULL,
  "member_id" TEXT NOT NULL,
  "until" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "console_link_pkey" PRIMARY KEY ("hash")
);
CREATE INDEX "console_link_member_id_idx" ON "console_link"("member_id");
ALTER TABLE "console_link" ADD CONSTRAINT "console_link_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

CREATE TABLE "console_session" (
  "id" TEXT NOT NULL,
  "hash" TEXT NOT NULL,
  "member_id" TEXT NOT NULL,
  "started_at" TIMESTAMPTZ(3) NOT NULL,
  "seen_at" TIMESTAMPTZ(3) NOT NULL,
  "language" TEXT,
  "browser" TEXT,
  CONSTRAINT "console_session_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "console_session_hash_key" ON "console_session"("hash");
CREATE INDEX "console_session_member_id_idx" ON "console_session"("member_id");
ALTER TABLE "console_session" ADD CONSTRAINT "console_session_member_id_fkey" FOREIGN KEY ("member_id") REFERENCES "member"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;
