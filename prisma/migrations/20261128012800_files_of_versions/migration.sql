-- What a voice message or a photo has taken the place of is kept with its version.
ALTER TABLE "contribution_version" ADD COLUMN     "attachments" JSONB NOT NULL DEFAULT '[]';
UPDATE "contribution_version" v SET "attachments" = c."attachments" FROM "contribution" c
WHERE c."id" = v."contribution_id" AND c."version" = v."version";
