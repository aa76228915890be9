-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "setting" (
    "key" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "setting_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "process" (
    "id" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "process_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "flow_version" (
    "flow" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "definition" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "flow_version_pkey" PRIMARY KEY ("flow","version")
);

-- CreateTable
CREATE TABLE "identity" (
    "id" BIGSERIAL NOT NULL,
    "key" TEXT NOT NULL,
    "contributor_id" UUID NOT NULL,
    "channel" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "name" TEXT,
    "language" TEXT,
    "language_chosen" BOOLEAN NOT NULL DEFAULT false,
    "status" TEXT NOT NULL DEFAULT 'active',
    "consent_version" TEXT,
    "consent_at" TIMESTAMPTZ(3),
    "source" TEXT,
    "turn" INTEGER NOT NULL DEFAULT 0,
    "session" JSONB,
    "timeout_at" TIMESTAMPTZ(3),
    "joined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "identity_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "consent_change" (
    "id" BIGSERIAL NOT NULL,
    "identity_id" BIGINT NOT NULL,
    "change" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "version" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consent_change_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbound_update" (
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL DEFAULT 'done',
    "payload" JSONB,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "error" TEXT,
    "next_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbound_update_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contribution" (
    "id" UUID NOT NULL,
    "reference" TEXT NOT NULL,
    "contributor_id" UUID NOT NULL,
    "identity_id" BIGINT NOT NULL,
    "kind" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "fields" JSONB NOT NULL DEFAULT '{}',
    "attachments" JSONB NOT NULL DEFAULT '[]',
    "language" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "question" TEXT,
    "theme" TEXT,
    "source" TEXT,
    "attribution" TEXT NOT NULL DEFAULT 'nobody',
    "attribution_name" TEXT,
    "state" TEXT NOT NULL DEFAULT 'received',
    "reply_to" UUID,
    "message_id" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contribution_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contribution_version" (
    "contribution_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "fields" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contribution_version_pkey" PRIMARY KEY ("contribution_id","version")
);

-- CreateTable
CREATE TABLE "response" (
    "id" UUID NOT NULL,
    "contribution_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "decision" TEXT NOT NULL,
    "input" TEXT NOT NULL,
    "considered" TEXT NOT NULL,
    "influence" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "beyond" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'approved',
    "notice_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "released_at" TIMESTAMPTZ(3),

    CONSTRAINT "response_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "notice" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "texts" JSONB NOT NULL,
    "buttons" JSONB NOT NULL DEFAULT '[]',
    "audience" JSONB NOT NULL,
    "on_uncertain" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'draft',
    "at" TIMESTAMPTZ(3),
    "zone" TEXT,
    "snapshot_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "done_at" TIMESTAMPTZ(3),

    CONSTRAINT "notice_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "id" BIGSERIAL NOT NULL,
    "notice_id" TEXT,
    "identity_id" BIGINT NOT NULL,
    "channel" TEXT NOT NULL,
    "payload" JSONB,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "reason" TEXT,
    "lease" UUID,
    "lease_until" TIMESTAMPTZ(3),
    "not_before" TIMESTAMPTZ(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "doubts" INTEGER NOT NULL DEFAULT 0,
    "messages_done" INTEGER NOT NULL DEFAULT 0,
    "parts_done" INTEGER NOT NULL DEFAULT 0,
    "refs" JSONB,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate_gate" (
    "key" TEXT NOT NULL,
    "next_at" TIMESTAMPTZ(6) NOT NULL,
    "blocked_until" TIMESTAMPTZ(3),

    CONSTRAINT "rate_gate_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE UNIQUE INDEX "identity_key_key" ON "identity"("key");

-- CreateIndex
CREATE INDEX "identity_contributor_id_idx" ON "identity"("contributor_id");

-- CreateIndex
CREATE INDEX "consent_change_identity_id_idx" ON "consent_change"("identity_id");

-- CreateIndex
CREATE UNIQUE INDEX "contribution_reference_key" ON "contribution"("reference");

-- CreateIndex
CREATE INDEX "contribution_contributor_id_idx" ON "contribution"("contributor_id");

-- CreateIndex
CREATE INDEX "contribution_identity_id_message_id_idx" ON "contribution"("identity_id", "message_id");

-- CreateIndex
CREATE INDEX "contribution_state_idx" ON "contribution"("state");

-- CreateIndex
CREATE INDEX "response_state_idx" ON "response"("state");

-- CreateIndex
CREATE UNIQUE INDEX "response_contribution_id_number_key" ON "response"("contribution_id", "number");

-- CreateIndex
CREATE INDEX "notice_state_idx" ON "notice"("state");

-- CreateIndex
CREATE UNIQUE INDEX "delivery_notice_id_identity_id_key" ON "delivery"("notice_id", "identity_id");
