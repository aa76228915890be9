import { isNode, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { Mistake } from './errors.ts';

const texts = z.union([z.string().min(1), z.record(z.string(), z.string().min(1))]);
const moment = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/, 'must be a date (2027-03-31) or a local time (2027-03-31T18:00)');
const id = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,30}$/, 'must be lower-case letters, digits, - and _, at most 31');

/** One development of one action plan. Dates are local to `timeZone`. */
export const processSchema = z.object({
  name: texts,
  languages: z.array(z.string().min(2)).min(1),
  timeZone: z.string().refine(isTimeZone, 'must be a time zone such as Europe/Madrid'),
  startsOn: moment.optional(),
  publishedOn: moment.optional(),
  hearBackBy: moment.optional(),
  stages: z
    .array(
      z.object({
        id,
        title: texts,
        opens: moment,
        closes: moment,
        why: texts.optional(),
        who: texts.optional(),
        what: texts.optional(),
        how: texts.optional(),
        where: texts.optional(),
      }),
    )
    .default([]),
  events: z
    .array(z.object({ id, title: texts, at: moment, where: texts.optional(), capacity: z.int().positive().optional() }))
    .default([]),
  questions: z.array(z.object({ id, text: texts, opens: moment.optional(), closes: moment.optional() })).default([]),
  themes: z.array(z.object({ value: id, label: texts })).default([]),
});
export type ProcessDefinition = z.infer<typeof processSchema>;

function isTimeZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }));
  } catch {
    return false;
  }
}

/** @throws Mistake with every error, each with file and line. */
export function parseProcess(text: string, file: string): ProcessDefinition {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    const all = document.errors.map(
      (error) => `${file}:${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`,
    );
    throw new Mistake(all.join('\n'), all);
  }
  const read = processSchema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (read.success) return read.data;
  const all = read.error.issues.map((issue) => {
    const node =
      document.getIn(issue.path as (string | number)[], true) ??
      document.getIn((issue.path as (string | number)[]).slice(0, -1), true);
    const line = isNode(node) && node.range ? lines.linePos(node.range[0]).line : 1;
    return `${file}:${line}: ${issue.path.join('.')} ${issue.message}. Correct it; flows/example.process.yaml shows a whole process.`;
  });
  throw new Mistake(all.join('\n'), all);
}

/** What stands until an organizer has applied a process. */
export const DEFAULT_PROCESS: ProcessDefinition = processSchema.parse({
  name: {
    en: 'Open government action plan',
    es: 'Plan de acción de gobierno abierto',
    fr: 'Plan d’action pour un gouvernement ouvert',
  },
  languages: ['en', 'es', 'fr'],
  timeZone: 'UTC',
});
