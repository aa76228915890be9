-- What is old enough to go is found by time. Rows come in that order, so that block ranges do, and cost next to nothing.
CREATE INDEX "inbound_update_at_idx" ON "inbound_update" USING BRIN ("at");
CREATE INDEX "delivery_created_at_idx" ON "delivery" USING BRIN ("created_at");
