-- AlterTable
ALTER TABLE "thread_message" ADD COLUMN     "taken_out_at" TIMESTAMPTZ(3);
