-- Audiences were trees of conditions; they are the expressions that mean the same.
CREATE FUNCTION "audience_expression"("node" jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  parts text[] := '{}';
  one record;
  inner_text text;
BEGIN
  IF jsonb_typeof(node) = 'string' THEN RETURN '(' || (node #>> '{}') || ')'; END IF;
  FOR one IN SELECT key, value FROM jsonb_each(node) LOOP
    inner_text := CASE
      WHEN one.key IN ('all', 'any') THEN (
        SELECT CASE WHEN count(*) = 1 THEN min(audience_expression(part))
          ELSE '(' || string_agg(audience_expression(part), CASE one.key WHEN 'all' THEN ' && ' ELSE ' || ' END ORDER BY at) || ')' END
        FROM jsonb_array_elements(one.value) WITH ORDINALITY AS of(part, at))
      WHEN one.key = 'not' THEN '!' || regexp_replace(audience_expression(one.value), '^([a-z_]+ .*)$', '(\1)')
      WHEN one.key = 'unseen_days' THEN 'unseen_days >= ' || (one.value #>> '{}')
      WHEN one.key IN ('took_part', 'heard_back') THEN CASE WHEN one.value = 'false' THEN '!' ELSE '' END || one.key
      WHEN one.key IN ('answered', 'contributed', 'attends', 'replied', 'received') THEN one.key || '(' || btrim(one.value::text, '[]') || ')'
      WHEN jsonb_typeof(one.value) <> 'array' THEN one.key || ' == ' || one.value::text
      WHEN jsonb_array_length(one.value) = 1 THEN one.key || ' == ' || (one.value -> 0)::text
      ELSE one.key || ' in ' || one.value::text
    END;
    parts := parts || inner_text;
  END LOOP;
  RETURN CASE WHEN cardinality(parts) = 1 THEN parts[1] ELSE '(' || array_to_string(parts, ' && ') || ')' END;
END
$$;

ALTER TABLE "notice" ALTER COLUMN "audience" DROP NOT NULL;
UPDATE "notice" SET "audience" = NULL WHERE "kind" IN ('response', 'timeline_change', 'seat');
ALTER TABLE "notice" ALTER COLUMN "audience" TYPE TEXT USING CASE
  WHEN "audience" IS NULL THEN NULL
  WHEN jsonb_typeof("audience") = 'string' THEN "audience" #>> '{}'
  ELSE regexp_replace("audience_expression"("audience"), '^\((.*)\)$', '\1') END;

DROP FUNCTION "audience_expression";
