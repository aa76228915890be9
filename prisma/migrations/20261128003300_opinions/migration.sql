-- What each member has said of a proposed decision, and who has an interest of their own in what becomes of a contribution.
CREATE TABLE "opinion" (
  "proposal_id" UUID NOT NULL,
  "by" TEXT NOT NULL,
  "side" TEXT,
  "agrees" BOOLEAN NOT NULL,
  "words" TEXT,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "opinion_pkey" PRIMARY KEY ("proposal_id", "by"),
  CONSTRAINT "opinion_side_check" CHECK (side IN ('government', 'civil society')),
  CONSTRAINT "opinion_words_check" CHECK (agrees OR words IS NOT NULL)
);
ALTER TABLE "opinion" ADD CONSTRAINT "opinion_proposal_id_fkey" FOREIGN KEY ("proposal_id") REFERENCES "proposal"("id") ON DELETE CASCADE ON UPDATE NO ACTION;

CREATE TABLE "interest" (
  "contribution_id" UUID NOT NULL,
  "by" TEXT NOT NULL,
  "at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "interest_pkey" PRIMARY KEY ("contribution_id", "by")
);
ALTER TABLE "interest" ADD CONSTRAINT "interest_contribution_id_fkey" FOREIGN KEY ("contribution_id") REFERENCES "contribution"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;

-- Whoever has proposed agrees.
INSERT INTO "opinion" ("proposal_id", "by", "side", "agrees", "at")
SELECT p.id, p.by, m.side, true, p.at FROM "proposal" p LEFT JOIN "member" m ON m.id = p.by;
