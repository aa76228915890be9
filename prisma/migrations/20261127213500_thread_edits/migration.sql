-- What somebody changes of their words in a thread is changed there, and what they were stays beside it.
ALTER TABLE "thread_message" ADD COLUMN "earlier" JSONB NOT NULL DEFAULT '[]';
