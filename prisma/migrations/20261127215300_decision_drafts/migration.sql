CREATE TABLE "decision_draft" (
    "member_id" TEXT NOT NULL,
    "contribution_id" UUID NOT NULL,
    "fields" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "decision_draft_pkey" PRIMARY KEY ("member_id", "contribution_id")
);

ALTER TABLE "decision_draft" ADD CONSTRAINT "decision_draft_contribution_id_fkey" FOREIGN KEY ("contribution_id") REFERENCES "contribution"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;
