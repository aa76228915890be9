-- What somebody's words belong to is read from what has come to them.
ALTER TABLE "identity" DROP COLUMN "thread_until";
