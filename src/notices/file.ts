import path from 'node:path';
import { z } from 'zod';
import { ENDINGS, FETCHED_ENDINGS, isFetched, mimeOf } from '../contributions/attachment.ts';
import { expectFileOf } from '../core/authorFile.ts';
import { endOf, isLocal, localObjection } from '../core/calendar.ts';
import { meant } from '../core/didYouMean.ts';
import { UserError } from '../core/errors.ts';
import { inTwo, mistakeOf, readAuthorFile, refuseErrors } from '../core/problem.ts';
import type { Texts } from '../core/texts.ts';
import { linkObjection } from '../core/webAddress.ts';
import { REMINDERS } from '../people/preferences.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { writeAudience } from './audience/audience.ts';
import { readAudience } from './audience/reader.ts';
import { REMEDY, type Vocabulary } from './audience/terms.ts';
import { overtakenDraft } from './dates.ts';
import { KINDS, WRITTEN_KINDS } from './kinds.ts';
import type { Notice, NoticeAttachment, NoticeButton } from './notice.ts';
import { lostDates, type Schedule, scheduleSchema } from './schedule.ts';
import { labelObjection, textObjection } from './textRules.ts';

/** Reads a part with the schema that its author meant, so that only that one complains. */
function within<T>(schema: z.ZodType<T>, value: unknown, context: z.RefinementCtx): T {
  const read = schema.safeParse(value);
  for (const { path: place, message } of read.error?.issues ?? [])
    context.addIssue({ code: 'custom', path: [...place], message });
  return read.success ? read.data : z.NEVER;
}

/** What is wrong with a value, in words; null where nothing is. */
type Objection = (value: string) => string | null;

function texts(objection: Objection) {
  const one = z.string().transform((value, context) => {
    const words = value.trim();
    const wrong = objection(words);
    if (wrong !== null) context.addIssue({ code: 'custom', message: wrong });
    return words;
  });
  const each = z.record(z.string(), one).refine((all) => Object.keys(all).length > 0, 'needs a text');
  return z
    .unknown()
    .transform((value, context) => within<Texts>(typeof value === 'string' ? one : each, value, context));
}

const Label = texts(labelObjection);
/** As long as fits into a signed button of 64 bytes. */
const Target = z.string().regex(/^[\w-]{1,40}$/, 'must be an id of at most 40 letters, digits, - or _');
const Url = z.string().superRefine((address, context) => {
  const wrong = linkObjection(address);
  if (wrong !== null) context.addIssue({ code: 'custom', message: wrong });
});
const BUTTONS = {
  flow: z.strictObject({ label: Label, flow: Target }),
  question: z.strictObject({ label: Label, question: Target }),
  event: z.strictObject({ label: Label.optional(), event: Target }),
  url: z.strictObject({ label: Label, url: Url }),
};
const BUTTON = 'must have a label, and one of flow, question, event and url; an event alone asks yes, maybe or no';

/** Chosen by what the button leads to, so that only the schema that is meant complains. */
const Button = z.unknown().transform((value, context): NoticeButton => {
  const kind = (['flow', 'question', 'event', 'url'] as const).find((key) => isMap(value) && Object.hasOwn(value, key));
  if (!kind || (kind !== 'event' && !Object.hasOwn(value as object, 'label'))) {
    context.addIssue({ code: 'custom', message: BUTTON });
    return z.NEVER;
  }
  return within<NoticeButton>(BUTTONS[kind] as z.ZodType<NoticeButton>, value, context);
});

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const named = { name: z.string().min(1).max(100).optional(), mime: z.string().optional() };
const Attachment = z
  .union(
    [z.strictObject({ file: z.string().min(1), ...named }), z.strictObject({ url: Url, ...named })],
    'must be { file: map.png } or { url: https://… }',
  )
  .transform((given, context): NoticeAttachment => {
    const name = given.name ?? path.basename('url' in given ? new URL(given.url).pathname : given.file);
    const mime = given.mime ?? mimeOf(name);
    if (mime === null)
      context.addIssue({
        code: 'custom',
        message: `"${name}" is not a kind of file that can be sent. There are: ${ENDINGS}`,
      });
    else if ('url' in given && !isFetched(name))
      context.addIssue({
        code: 'custom',
        message: `"${name}" is not fetched from an address, only ${FETCHED_ENDINGS} are. Give it as file`,
      });
    return { name, mime: mime ?? '', ...('url' in given ? { url: given.url } : { file: given.file }) };
  });

const until = {
  error: ({ input }: { input?: unknown }) =>
    localObjection(String(input)) ?? 'must be a date such as 2027-03-31, or a local time such as 2027-03-31T18:00',
};
const Until = z.union([z.date(), z.string().refine(isLocal, until)], until);

const draftShape = (known: Vocabulary) =>
  z.strictObject({
    kind: z.enum(WRITTEN_KINDS, `must be one of ${WRITTEN_KINDS.join(', ')}`),
    texts: texts(textObjection),
    audience: z
      .unknown()
      .optional()
      .transform((value, context) => audienceOf(value, known, context)),
    buttons: z.array(Button).max(10).default([]),
    topic: z
      .string()
      .nullish()
      .transform((value, context) => topicOf(value ?? null, known, context)),
    attachment: Attachment.nullish().transform((given) => given ?? null),
    schedule: z
      .unknown()
      .optional()
      .transform((value, context) => scheduleOf(value ?? null, context)),
    until: Until.nullish().transform((given) => given ?? null),
  });

function topicOf(topic: string | null, { themes }: Vocabulary, context: z.RefinementCtx): string | null {
  const topics = themes && [...themes, REMINDERS];
  if (topic !== null && topics && !topics.includes(topic))
    context.addIssue({ code: 'custom', message: `there is no topic "${topic}". ${meant(topic, topics)}` });
  return topic;
}

function scheduleOf(value: unknown, context: z.RefinementCtx): Schedule | null {
  return value === null ? null : within<Schedule>(scheduleSchema, value, context);
}

/** There is no default: a notice must say whom it goes to. */
function audienceOf(value: unknown, known: Vocabulary, context: z.RefinementCtx): string {
  if (value === undefined) {
    context.addIssue({ code: 'custom', message: `is missing: a notice says whom it goes to. ${REMEDY}` });
    return z.NEVER;
  }
  const { audience, complaints } = readAudience(value, known);
  for (const message of complaints) context.addIssue({ code: 'custom', message });
  return audience === null ? z.NEVER : writeAudience(audience);
}

/** A notice as its author wrote it. An attached file is still named by its path in the draft. */
export type NoticeDraft = Pick<
  Notice,
  'kind' | 'texts' | 'audience' | 'buttons' | 'topic' | 'attachment' | 'schedule' | 'until'
>;

/** @param timeZone of its dates. @throws UserError that names every wrong place of the draft */
export function readDraft(draft: unknown, timeZone: string): NoticeDraft {
  const { draft: read, wrong } = checked(draft, { timeZone });
  if (read) return read;
  const mistakes = wrong.map(({ path, words }) => `${path.join('.') || 'notice'}: ${words}`);
  throw new UserError(mistakes.join('\n'), mistakes);
}

/** What a notice can name. */
export interface Targets {
  /** Left out: not checked. */
  channels?: readonly string[];
  /** Flows that a button can begin. */
  flows: readonly string[];
  process: ProcessDefinition;
  /** Of links; left out: not checked. */
  sources?: readonly string[];
  /** Ids of notices that somebody had; left out: not checked. */
  notices?: readonly string[];
}

const ids = (all: readonly { id: string }[]): string[] => all.map(({ id }) => id);

const vocabulary = ({ channels, process, sources, notices }: Targets): Vocabulary => ({
  languages: process.languages,
  themes: process.themes.map(({ value }) => value),
  questions: ids(process.questions),
  events: ids(process.events),
  ...(channels && { channels }),
  ...(sources && { sources }),
  ...(notices && { notices }),
});

/**
 * `now`: the present, for a draft; null when the file has new text for a notice that may have gone out.
 * @throws UserError with every error, each with file, line and remedy.
 */
export function readNoticeFile(text: string, file: string, targets: Targets, now: number | null = null): NoticeDraft {
  const { value, problems, report } = readAuthorFile(text, file);
  refuseErrors(problems);
  expectFileOf('notice', value, file);
  const told = ({ path, words }: Objected) => {
    const { message, remedy } = inTwo(words);
    return report(path, message, remedy);
  };
  const known = { ...vocabulary(targets), timeZone: targets.process.timeZone };
  const { draft, wrong } = checked(value, known);
  refuseErrors(wrong.map(told));
  if (!draft) throw mistakeOf(wrong.map(told));
  refuseErrors(lostIn(draft, targets).map(told));
  if (now !== null) refuseErrors(overtakenDraft(draft, targets.process, now).map(told));
  return draft;
}

/** What is wrong at a place of a notice, and what to do about it. */
interface Objected {
  path: (string | number)[];
  words: string;
}

/** What a notice refers to and does not exist. */
function lostIn({ buttons, schedule }: NoticeDraft, targets: Targets): Objected[] {
  const dates = schedule === null ? [] : lostDates(schedule, targets.process);
  return [
    ...buttons.flatMap((button, index) =>
      lostTargets(button, targets).map(({ key, words }) => ({ path: ['buttons', index, key], words })),
    ),
    ...dates.map(({ key, words }) => ({ path: ['schedule', key], words })),
  ];
}

function lostTargets(button: NoticeButton, { flows, process }: Targets): { key: string; words: string }[] {
  const lost = (key: string, name: string, names: readonly string[], words: string) =>
    names.includes(name) ? [] : [{ key, words: `${words} "${name}". ${meant(name, names)}` }];
  if ('flow' in button) return lost('flow', button.flow, flows, 'no flow that a button can begin is called');
  if ('question' in button)
    return lost('question', button.question, ids(process.questions), 'the process has no question');
  return 'event' in button ? lost('event', button.event, ids(process.events), 'the process has no event') : [];
}

const EXAMPLE = 'A notice has kind, texts (by language), audience, buttons, topic, attachment, schedule and until.';

/** Complaints about an audience include their remedy. */
const sentence = (path: (string | number)[], message: string): string =>
  path[0] === 'audience' ? message : `${message.replace(/\.$/, '')}. ${EXAMPLE}`;

function checked(given: unknown, known: Vocabulary & { timeZone: string }): { draft?: NoticeDraft; wrong: Objected[] } {
  if (!isMap(given)) return { wrong: [{ path: [], words: `This is not a notice. ${EXAMPLE}` }] };
  const read = draftShape(known).safeParse(given);
  if (!read.success) return { wrong: read.error.issues.flatMap((issue) => objections(issue, known)) };
  const { topic, until, ...rest } = read.data;
  const draft = {
    ...rest,
    topic: topic ?? KINDS[rest.kind].topic,
    until: typeof until === 'string' ? new Date(endOf(until, known.timeZone)) : until,
  };
  return { draft, wrong: [] };
}

function objections(issue: z.core.$ZodIssue, known: Vocabulary): Objected[] {
  const path = issue.path as (string | number)[];
  if (issue.code !== 'unrecognized_keys' || path.length > 0) return [{ path, words: sentence(path, issue.message) }];
  const names = Object.keys(draftShape(known).shape);
  return issue.keys.map((key) => ({ path: [key], words: `is not a key of a notice. ${meant(key, names)}` }));
}
