ALTER TABLE "notice" ADD COLUMN "turn_of" TEXT;
CREATE INDEX "notice_turn_of_idx" ON "notice"("turn_of");
UPDATE "notice" SET "turn_of" = split_part("origin", ':', 2) WHERE "origin" LIKE 'repeat:%';
UPDATE "notice" SET "kind" = CASE split_part("origin", ':', 1)
  WHEN 'reminder' THEN 'timeline_reminder'
  WHEN 'seat' THEN 'seat'
  WHEN 'timeline' THEN CASE WHEN "audience" ? 'told' THEN 'timeline_change' ELSE 'timeline' END
  ELSE "kind" END
WHERE "origin" IS NOT NULL;
