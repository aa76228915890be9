-- An installation lives through several processes, one after the other. A row is there from the beginning: what is said before
-- anybody has applied a process belongs to the first that is.
ALTER TABLE "process" DROP CONSTRAINT "process_pkey";
ALTER TABLE "process" RENAME COLUMN "id" TO "key";
ALTER TABLE "process" ALTER COLUMN "key" DROP NOT NULL;
ALTER TABLE "process" ALTER COLUMN "definition" DROP NOT NULL;
ALTER TABLE "process" ALTER COLUMN "hash" DROP NOT NULL;
ALTER TABLE "process" ADD COLUMN "id" SERIAL NOT NULL;
ALTER TABLE "process" ADD CONSTRAINT "process_pkey" PRIMARY KEY ("id");
ALTER TABLE "process" ADD COLUMN "closed_at" TIMESTAMPTZ(3);
ALTER TABLE "process" ADD COLUMN "closed_by" TEXT;
CREATE UNIQUE INDEX "process_key_key" ON "process"("key");
-- At most one is open.
CREATE UNIQUE INDEX "process_open" ON "process" ((true)) WHERE "closed_at" IS NULL;
INSERT INTO "process" ("key") SELECT NULL WHERE NOT EXISTS (SELECT FROM "process");

-- The open one, else the one that was closed last: what is not said to be of another belongs to it.
CREATE FUNCTION current_process() RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT id FROM process ORDER BY closed_at DESC NULLS FIRST, id DESC LIMIT 1
$$;

-- All that there is was said and told in the first. The default keeps it, without writing each row anew.
ALTER TABLE "contribution" ADD COLUMN "process_id" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "notice" ADD COLUMN "process_id" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "timeline" ADD COLUMN "process_id" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "attendance" ADD COLUMN "process_id" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "link" ADD COLUMN "process_id" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "process_version" ADD COLUMN "process_id" INTEGER NOT NULL DEFAULT 1;
ALTER TABLE "contribution" ALTER COLUMN "process_id" SET DEFAULT current_process();
ALTER TABLE "notice" ALTER COLUMN "process_id" SET DEFAULT current_process();
ALTER TABLE "timeline" ALTER COLUMN "process_id" SET DEFAULT current_process();
ALTER TABLE "attendance" ALTER COLUMN "process_id" SET DEFAULT current_process();
ALTER TABLE "link" ALTER COLUMN "process_id" SET DEFAULT current_process();
ALTER TABLE "process_version" ALTER COLUMN "process_id" SET DEFAULT current_process();

ALTER TABLE "contribution" ADD CONSTRAINT "contribution_process_id_fkey" FOREIGN KEY ("process_id") REFERENCES "process"("id");
ALTER TABLE "notice" ADD CONSTRAINT "notice_process_id_fkey" FOREIGN KEY ("process_id") REFERENCES "process"("id");
ALTER TABLE "timeline" ADD CONSTRAINT "timeline_process_id_fkey" FOREIGN KEY ("process_id") REFERENCES "process"("id");
ALTER TABLE "attendance" ADD CONSTRAINT "attendance_process_id_fkey" FOREIGN KEY ("process_id") REFERENCES "process"("id");
ALTER TABLE "link" ADD CONSTRAINT "link_process_id_fkey" FOREIGN KEY ("process_id") REFERENCES "process"("id");
ALTER TABLE "process_version" ADD CONSTRAINT "process_version_process_id_fkey" FOREIGN KEY ("process_id") REFERENCES "process"("id");

-- The sheet is read page by page, oldest first, of one process.
DROP INDEX "contribution_submitted_at_id_idx";
CREATE INDEX "contribution_process_id_submitted_at_id_idx" ON "contribution"("process_id", "submitted_at", "id");
CREATE INDEX "timeline_process_id_idx" ON "timeline"("process_id");
CREATE INDEX "process_version_process_id_idx" ON "process_version"("process_id");
-- Events, links and what the calendar makes may be called the same in the next process.
DROP INDEX "notice_origin_key";
CREATE UNIQUE INDEX "notice_process_id_origin_key" ON "notice"("process_id", "origin");
ALTER TABLE "attendance" DROP CONSTRAINT "attendance_pkey";
ALTER TABLE "attendance" ADD CONSTRAINT "attendance_pkey" PRIMARY KEY ("process_id", "event", "identity_id");
DROP INDEX "attendance_waiting";
CREATE INDEX "attendance_waiting" ON "attendance" ("process_id", "event") WHERE "seat" = 'waiting';
ALTER TABLE "link" DROP CONSTRAINT "link_pkey";
ALTER TABLE "link" ADD CONSTRAINT "link_pkey" PRIMARY KEY ("process_id", "source", "flow");

-- Conversations that are under way began in the first.
UPDATE "identity" SET "session" = jsonb_set("session", '{process}', '1') WHERE "session" ? 'stack';
