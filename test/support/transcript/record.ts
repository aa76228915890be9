import type { Attachment } from '../../../src/core/inbound.ts';
import type { Database } from '../../../src/store/database.ts';

interface Kept {
  reference: string;
  kind: string;
  text: string;
  state: string;
  language: string;
  theme: string | null;
  attribution: string;
  attributionName: string | null;
  fields: Record<string, string | null>;
  attachments: Attachment[];
}

/** Everything that was said for the record, oldest first: one line each, and below it what goes with it. */
export async function onRecord({ pool }: Pick<Database, 'pool'>): Promise<string[]> {
  const { rows } = await pool.query<Kept>(
    `SELECT reference, kind, text, state, language, theme, attribution, attribution_name "attributionName", fields, attachments
     FROM contribution ORDER BY submitted_at, reference`,
  );
  return [...rows.flatMap(linesOf), ...(await threadsIn(pool))];
}

/** What people asked or disagreed with, and what they were answered. */
async function threadsIn(pool: Database['pool']): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `SELECT line FROM (
       SELECT t.opened_at, t.id, 0 AS nth, t.reference || ' ' || t.kind || ' (' || t.state || ')' || coalesce(' about ' || c.reference, '') AS line
       FROM thread t LEFT JOIN contribution c ON c.id = t.contribution_id
       UNION ALL
       SELECT t.opened_at, t.id, m.id, '  ' || coalesce(m.by, 'person') || ': ' || CASE m.text WHEN '' THEN m.attachments->0->>'kind' ELSE replace(m.text, E'\\n', ' / ') END
         || coalesce((SELECT ' (before: ' || string_agg(e->>'text', ' / ') || ')' FROM jsonb_array_elements(m.earlier) AS e), '')
       FROM thread t JOIN thread_message m ON m.thread_id = t.id) AS said
     ORDER BY opened_at, id, nth`,
  );
  return rows.map(({ line }) => line);
}

function linesOf(kept: Kept): string[] {
  const { reference, kind, state, language, theme, attribution, attributionName, attachments } = kept;
  const words = kept.text.replaceAll('\n', ' / ');
  const fields = Object.entries(kept.fields).filter(([, value]) => value);
  return [
    `${reference} ${kind} (${language}, ${state})${words === '' ? '' : `: ${words}`}`,
    ...(attachments.length > 0 ? [`  with ${attachments.map(({ kind: what }) => what).join(', ')}`] : []),
    ...fields.map(([name, value]) => `  ${name}: ${value}`),
    ...(theme ? [`  theme: ${theme}`] : []),
    ...(attribution === 'nobody' ? [] : [`  ${attribution}: ${attributionName}`]),
  ];
}
