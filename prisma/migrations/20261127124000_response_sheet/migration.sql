-- The sheet that a decision was imported from, by the hash of its path: emptied there, it is taken back.
ALTER TABLE "response" ADD COLUMN "sheet" TEXT;
