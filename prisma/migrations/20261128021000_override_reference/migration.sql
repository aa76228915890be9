-- A process is finalized by an override that there is.
ALTER TABLE "process" ADD CONSTRAINT "process_override_id_fkey" FOREIGN KEY ("override_id") REFERENCES "override"("id") ON DELETE NO ACTION ON UPDATE NO ACTION;
