-- The last words to somebody who is erased need a place to go to, also when the process ends before they have gone.
ALTER TABLE "delivery" ADD COLUMN "address" TEXT;
