-- They are written and read whole with every turn: kept as they were written, they are neither taken apart nor put together.
ALTER TABLE "identity" ALTER COLUMN "session" TYPE JSON, ALTER COLUMN "pacing" TYPE JSON;

-- A reply is of no notice: no index of notices has to be told of it.
DROP INDEX "delivery_notice_id_identity_id_key";
CREATE UNIQUE INDEX "delivery_of_notice" ON "delivery" ("notice_id", "identity_id") WHERE "notice_id" IS NOT NULL;
