-- Whom notices go to, when and with whose approval, what of the timeline is public, members, events.
ALTER TABLE "identity"
  ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'person',
  ADD COLUMN "zone" TEXT,
  ADD COLUMN "stakeholder_group" TEXT,
  ADD COLUMN "place" TEXT,
  ADD COLUMN "wants" TEXT NOT NULL DEFAULT 'all',
  ADD COLUMN "topics" TEXT[] DEFAULT ARRAY[]::TEXT[],
  ADD COLUMN "timeline_seen" INTEGER,
  ADD COLUMN "busy_until" TIMESTAMPTZ(3);

ALTER TABLE "notice"
  ADD COLUMN "topic" TEXT,
  ADD COLUMN "attachment" JSONB,
  ADD COLUMN "schedule" JSONB,
  ADD COLUMN "origin" TEXT,
  ADD COLUMN "timeline" INTEGER,
  ADD COLUMN "event" TEXT,
  ADD COLUMN "until" TIMESTAMPTZ(3),
  ADD COLUMN "created_by" TEXT,
  ADD COLUMN "scheduled_by" TEXT,
  ADD COLUMN "approval" TEXT,
  ADD COLUMN "approved_by" TEXT,
  ADD COLUMN "confirmed" INTEGER,
  ADD COLUMN "revision" INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX "notice_origin_key" ON "notice"("origin");

ALTER TABLE "delivery"
  ADD COLUMN "revised" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "revision" TEXT;

CREATE TABLE "notice_event" (
  "id" BIGSERIAL NOT NULL,
  "notice_id" TEXT NOT NULL,
  "what" TEXT NOT NULL,
  "by" TEXT,
  "detail" JSONB,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "notice_event_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "notice_event_notice_id_idx" ON "notice_event"("notice_id");

CREATE TABLE "notice_revision" (
  "notice_id" TEXT NOT NULL,
  "number" INTEGER NOT NULL,
  "texts" JSONB,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "notice_revision_pkey" PRIMARY KEY ("notice_id", "number")
);

CREATE TABLE "notice_file" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "mime" TEXT NOT NULL,
  "bytes" BYTEA NOT NULL,
  CONSTRAINT "notice_file_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "timeline" (
  "number" INTEGER NOT NULL,
  "definition" JSONB NOT NULL,
  "hash" TEXT NOT NULL,
  "before" TEXT,
  "published_at" TIMESTAMPTZ(3) NOT NULL,
  "override" TEXT,
  "by" TEXT,
  CONSTRAINT "timeline_pkey" PRIMARY KEY ("number")
);
-- What was public stays on record: not even a slip of the hand takes it back.
-- (073 stands for a semicolon, at which migrations are cut.)
CREATE FUNCTION timeline_is_kept() RETURNS trigger LANGUAGE plpgsql AS
  E'BEGIN RAISE EXCEPTION ''The record of what was public is only ever added to.''\073 END\073';
CREATE TRIGGER timeline_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON "timeline"
  FOR EACH STATEMENT EXECUTE FUNCTION timeline_is_kept();

CREATE TABLE "member" (
  "id" TEXT NOT NULL,
  "name" TEXT NOT NULL,
  "roles" TEXT[],
  "organization" TEXT,
  "code_hash" TEXT,
  "code_until" TIMESTAMPTZ(3),
  "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "removed_at" TIMESTAMPTZ(3),
  CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "member_identity" (
  "identity_key" TEXT NOT NULL,
  "member_id" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "member_identity_pkey" PRIMARY KEY ("identity_key")
);
CREATE INDEX "member_identity_member_id_idx" ON "member_identity"("member_id");

CREATE TABLE "attendance" (
  "event" TEXT NOT NULL,
  "identity_id" BIGINT NOT NULL,
  "answer" TEXT NOT NULL,
  "seat" TEXT,
  "since" TIMESTAMPTZ(3) NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "attendance_pkey" PRIMARY KEY ("event", "identity_id")
);

CREATE TABLE "link" (
  "source" TEXT NOT NULL,
  "flow" TEXT NOT NULL DEFAULT '',
  "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "link_pkey" PRIMARY KEY ("source", "flow")
);
