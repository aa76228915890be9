-- Where a file lies says nothing of whose decisions are in it: only a row that was exported with a decision can be emptied.
ALTER TABLE "response" DROP COLUMN "sheet";
