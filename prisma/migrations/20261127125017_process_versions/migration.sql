-- Each process that was applied, and by whom: only ever added to. What stands now is the first that is known.
CREATE TABLE "process_version" (
  "number" SERIAL NOT NULL,
  "definition" JSONB NOT NULL,
  "by" TEXT,
  "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "process_version_pkey" PRIMARY KEY ("number")
);

INSERT INTO process_version (definition, at) SELECT definition, updated_at FROM process;
