CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- What is searched stands beside contributions: their states change often, and these indexes are dear to change.
CREATE TABLE "contribution_search" (
    "contribution_id" UUID NOT NULL,
    "process_id" INTEGER NOT NULL,
    "configuration" TEXT NOT NULL,
    "folded" TEXT NOT NULL,
    "words" tsvector NOT NULL,
    "mark" TEXT NOT NULL,

    CONSTRAINT "contribution_search_pkey" PRIMARY KEY ("contribution_id")
);
CREATE INDEX "contribution_search_words_idx" ON "contribution_search" USING GIN ("words");
CREATE INDEX "contribution_search_folded_idx" ON "contribution_search" USING GIN ("folded" gin_trgm_ops);
CREATE INDEX "contribution_search_configuration_idx" ON "contribution_search"("configuration");
CREATE INDEX "contribution_search_process_id_mark_idx" ON "contribution_search"("process_id", "mark");
ALTER TABLE "contribution_search" ADD CONSTRAINT "contribution_search_contribution_id_fkey" FOREIGN KEY ("contribution_id") REFERENCES "contribution"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;
ALTER TABLE "contribution_search" ADD CONSTRAINT "contribution_search_process_id_fkey" FOREIGN KEY ("process_id") REFERENCES "process"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- Words that nobody can find yet.
ALTER TABLE "contribution" ADD COLUMN "indexed" BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX "contribution_unindexed" ON "contribution"("id") WHERE NOT "indexed";
