-- What is due is looked for by the running notices: nobody walks what waits of a paused one.
CREATE INDEX "delivery_pending" ON "delivery" ("notice_id", "channel", "id") WHERE "state" = 'pending';
