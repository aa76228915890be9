-- The sheet is read page by page, oldest first.
CREATE INDEX "contribution_submitted_at_id_idx" ON "contribution"("submitted_at", "id");
