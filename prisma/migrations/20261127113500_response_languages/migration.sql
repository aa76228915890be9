-- Of the texts for everybody, by element: the language that they are in. Beside them: the same for readers of one language.
ALTER TABLE "response" ADD COLUMN "languages" JSONB NOT NULL DEFAULT '{}';
ALTER TABLE "response" ADD COLUMN "translations" JSONB NOT NULL DEFAULT '{}';
