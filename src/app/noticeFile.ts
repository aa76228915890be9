import { z } from 'zod';
import type { Audience } from '../domain/audience.ts';
import { readAudience } from '../domain/audienceReader.ts';
import type { Vocabulary } from '../domain/audienceTerms.ts';
import { Mistake } from '../domain/errors.ts';
import { meant } from '../domain/nearest.ts';
import type { Notice, NoticeButton } from '../domain/notice.ts';
import { readYaml } from '../domain/yaml.ts';

const Texts = z.union([z.string().trim().min(1), z.record(z.string(), z.string().trim().min(1))]);
/** As long as fits into a signed button of 64 bytes. */
const Target = z.string().regex(/^[\w-]{1,40}$/, 'must be an id of at most 40 letters, digits, - or _');
const Button = z.union(
  [
    z.strictObject({ label: Texts, flow: Target }),
    z.strictObject({ label: Texts, question: Target }),
    z.strictObject({ label: Texts, event: Target }),
    z.strictObject({ event: Target }),
    z.strictObject({ label: Texts, url: z.url({ protocol: /^https?$/ }) }),
  ],
  'must have a label, and one of flow, question, event and url; an event alone asks yes, maybe or no',
);
const draftShape = (known: Vocabulary) =>
  z.strictObject({
    kind: z.enum(['announcement', 'question', 'reminder', 'critical', 'closure']),
    texts: Texts,
    audience: z
      .unknown()
      .default('everyone')
      .transform((value, context) => audienceOf(value, known, context)),
    buttons: z.array(Button).max(10).default([]),
  });

function audienceOf(value: unknown, known: Vocabulary, context: z.RefinementCtx): Audience {
  const { audience, complaints } = readAudience(value, known);
  for (const { path, message } of complaints) context.addIssue({ code: 'custom', path: [...path], message });
  return audience ?? z.NEVER;
}

export type NoticeDraft = Pick<Notice, 'kind' | 'texts' | 'audience' | 'buttons'>;

/** @throws Mistake that names every wrong place of the draft. */
export function readDraft(draft: unknown): NoticeDraft {
  return checked(draft, {}, (path, message) => `${path.join('.') || 'notice'}: ${message}`);
}

/** What the buttons of a notice can lead to, and whom it can name for its audience; what is left out is not checked. */
export interface Targets extends Vocabulary {
  flows: readonly string[];
  questions: readonly string[];
  events: readonly string[];
}

/** @throws Mistake with every error, each with file, line and remedy. */
export function readNoticeFile(text: string, file: string, targets: Targets): NoticeDraft {
  const yaml = readYaml(text);
  const complaints = yaml.complaints.map(({ line, message }) => `${file}:${line}: ${message}`);
  if (complaints.length > 0) throw new Mistake(complaints.join('\n'), complaints);
  const place = (path: (string | number)[]) => `${file}:${yaml.lineOf(path)}: ${path.join('.')}`.trimEnd();
  const draft = checked(yaml.value, targets, (path, message) => `${place(path)}${sentence(path, message)}`);
  const lost = draft.buttons.flatMap((button, index) =>
    lostTargets(button, targets).map(({ key, words }) => `${place(['buttons', index, key])} ${words}`),
  );
  if (lost.length > 0) throw new Mistake(lost.join('\n'), lost);
  return draft;
}

function lostTargets(button: NoticeButton, { flows, questions, events }: Targets): { key: string; words: string }[] {
  const lost = (key: string, name: string, names: readonly string[], words: string) =>
    names.includes(name) ? [] : [{ key, words: `${words} "${name}". ${meant(name, names)}` }];
  if ('flow' in button) return lost('flow', button.flow, flows, 'no flow that a button can begin is called');
  if ('question' in button) return lost('question', button.question, questions, 'the process has no question');
  return 'event' in button ? lost('event', button.event, events, 'the process has no event') : [];
}

const EXAMPLE = 'A notice has kind, texts (by language), audience and buttons.';

/** What is wrong with an audience says by itself what to write. */
const sentence = (path: (string | number)[], message: string): string =>
  path[0] === 'audience' ? `: ${message}` : ` ${message}. ${EXAMPLE}`;

function checked(
  draft: unknown,
  known: Vocabulary,
  words: (path: (string | number)[], message: string) => string,
): NoticeDraft {
  const read = draftShape(known).safeParse(draft);
  if (read.success) return read.data;
  const mistakes = read.error.issues.map((issue) => words(issue.path as (string | number)[], issue.message));
  throw new Mistake(mistakes.join('\n'), mistakes);
}
