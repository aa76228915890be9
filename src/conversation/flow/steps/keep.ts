import { fitsPreference, type Preferences } from '../../../people/preferences.ts';
import { evaluate } from '../conditions.ts';
import type { Event } from '../events.ts';
import type { Run } from '../run.ts';
import type { Flow, Keep } from '../source/schema.ts';
import { knownIn, readable } from '../values.ts';

type Kept = Extract<Event, { kind: 'kept' }>;
type Field = keyof Preferences;

/** The new parts of the person's own record; the name of one that cannot hold what it was given. */
export function keep(run: Run, flow: Flow, step: Keep): Kept | Field {
  const known = knownIn(run, flow);
  const parts = Object.entries(step.keep).flatMap(([field, source]): [Field, unknown][] =>
    source === undefined ? [] : [[field as Field, trimmed(evaluate(source, known))]],
  );
  const wrong = parts.find(([field, value]) => !fitsPreference(field, value));
  if (wrong) return wrong[0];
  return { kind: 'kept', own: Object.fromEntries(parts) as Partial<Preferences>, words: wordsOf(run, flow, step) };
}

const trimmed = (value: unknown): unknown => (typeof value === 'string' ? value.trim() : value);

/** What was chosen, where that was said; else what was pressed. What people tell about themselves is not evidence to keep. */
function wordsOf(run: Run, flow: Flow, { keep: { wants, topics } }: Keep): string {
  const answers = run.session?.answers ?? {};
  const said = [wants, topics].filter((name) => name !== undefined && Object.hasOwn(answers, name));
  const words = said.map((name) => readable(run, flow, name as string));
  return words.length > 0 ? words.filter(Boolean).join(': ') : run.words;
}
