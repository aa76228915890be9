-- What the forum has made of contributions before it decides on them.
CREATE TABLE "triage" (
    "contribution_id" UUID NOT NULL,
    "tags" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "assigned" TEXT,
    "working_group" TEXT,
    "due_on" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "triage_pkey" PRIMARY KEY ("contribution_id")
);
CREATE INDEX "triage_tags_idx" ON "triage" USING GIN ("tags");
CREATE INDEX "triage_assigned_idx" ON "triage"("assigned");
ALTER TABLE "triage" ADD CONSTRAINT "triage_contribution_id_fkey" FOREIGN KEY ("contribution_id") REFERENCES "contribution"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

CREATE TABLE "triage_step" (
    "id" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "changes" JSONB NOT NULL,
    "undone_by" UUID,

    CONSTRAINT "triage_step_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "triage_step_by_at_idx" ON "triage_step"("by", "at");
ALTER TABLE "triage_step" ADD CONSTRAINT "triage_step_undone_by_fkey" FOREIGN KEY ("undone_by") REFERENCES "triage_step"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

CREATE TABLE "note" (
    "id" BIGSERIAL NOT NULL,
    "contribution_id" UUID NOT NULL,
    "by" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "mentions" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "note_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "note_contribution_id_id_idx" ON "note"("contribution_id", "id");
ALTER TABLE "note" ADD CONSTRAINT "note_contribution_id_fkey" FOREIGN KEY ("contribution_id") REFERENCES "contribution"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

CREATE TABLE "saved_view" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "owner" TEXT NOT NULL DEFAULT '',
    "filter" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "saved_view_owner_name_key" ON "saved_view"("owner", "name");
