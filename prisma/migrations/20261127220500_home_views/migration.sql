CREATE TABLE "home_view" (
    "key" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "checked_at" TIMESTAMPTZ(3) NOT NULL,
    "mark" TEXT NOT NULL,

    CONSTRAINT "home_view_pkey" PRIMARY KEY ("key")
);

CREATE INDEX "home_view_checked_at_idx" ON "home_view"("checked_at");
