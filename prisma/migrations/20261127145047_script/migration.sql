CREATE TABLE "script" (
    "number" SERIAL NOT NULL,
    "hash" TEXT NOT NULL,
    "files" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "script_pkey" PRIMARY KEY ("number")
);
