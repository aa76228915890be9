-- Whoever answers a receipt adds to what it is of.
ALTER TABLE "delivery" ADD COLUMN     "receipt" BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX "delivery_receipt" ON "delivery"("identity_id") WHERE "receipt";
