-- The nearest of each contribution, looked for once when it has come in.
CREATE TABLE "similar_contribution" (
    "contribution_id" UUID NOT NULL,
    "other_id" UUID NOT NULL,
    "similarity" REAL NOT NULL,

    CONSTRAINT "similar_contribution_pkey" PRIMARY KEY ("contribution_id", "other_id")
);
CREATE INDEX "similar_contribution_other_id_idx" ON "similar_contribution"("other_id");
ALTER TABLE "similar_contribution" ADD CONSTRAINT "similar_contribution_contribution_id_fkey" FOREIGN KEY ("contribution_id") REFERENCES "contribution"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;
ALTER TABLE "similar_contribution" ADD CONSTRAINT "similar_contribution_other_id_fkey" FOREIGN KEY ("other_id") REFERENCES "contribution"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;
CREATE INDEX "contribution_search_nearest_idx" ON "contribution_search" USING GIST ("folded" gist_trgm_ops(siglen=256));

ALTER TABLE "contribution" ADD COLUMN "compared" BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX "contribution_uncompared" ON "contribution"("id") WHERE "indexed" AND NOT "compared";
