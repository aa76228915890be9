import { followedBy, NO_WORDS, type Part, type Words, wordsOf } from '../../../contributions/parts.ts';
import { voiceLength } from '../../../contributions/voice.ts';
import type { Attachment } from '../../../core/inbound.ts';
import { isUnseen } from '../../../core/unseen.ts';
import { gatherMs } from '../durations.ts';
import type { Contributed } from '../events.ts';
import { captionBeside, fileBeside, filesIn } from '../files.ts';
import { wordsIn } from '../held.ts';
import type { Run } from '../run.ts';
import type { Ask, Contribute, Flow } from '../source/schema.ts';
import type { Answer } from '../types.ts';
import { asText, formatted } from '../values.ts';

/** The contribution made of the answers; null when it would hold neither words nor files. */
export function contribute(run: Run, flow: Flow, step: Contribute): Contributed | null {
  const { answer, text, words, files } = answersOf(run);
  const names = textNames(run, step);
  const { text: whole, parts } = names ? words(names) : wordsOf(formatted(run, flow, step.text ?? ''), null);
  const attachments = files(step.attachments);
  if (isUnseen(whole) && attachments.length === 0) return null;
  const captions = (step.attachments ?? []).map(captionBeside).filter((name) => answer(name) !== null);
  const fields = [...(step.fields ?? []), ...captions];
  const named = text(step.attribution);
  const attribution = named === 'name' || named === 'group' ? named : 'nobody';
  const theme = text(step.theme);
  return {
    kind: 'contributed',
    contribution: {
      kind: step.contribute,
      text: whole,
      fields: Object.fromEntries(fields.map((name) => [name, answer(name)])),
      attachments,
      question: text(step.question),
      theme,
      attribution,
      attributionName: attribution === 'nobody' ? null : text(step.attributionName),
      parts: [...parts, ...partsOfFields(run, fields)],
      process: run.session?.process ?? run.world.process.id,
    },
    offers: (step.offer ?? []).filter(
      (offer) =>
        (offer !== 'theme' || (theme === null && run.world.process.themes.length > 0)) &&
        (offer !== 'name' || attribution === 'nobody') &&
        (offer !== 'promise' || answer(PROMISE) === null),
    ),
    gatherMs: gatherMs(step),
    ...(isPressed(flow, step) && { pressed: true }),
    receipt: step.receipt
      ? formatted(run, flow, step.receipt, { reference: '{reference}', voice: voiceAlone(whole, attachments) })
      : null,
  };
}

/** How long somebody speaks who has written nothing; `none` for everybody else. */
export const voiceAlone = (text: string, files: readonly Attachment[]): string =>
  isUnseen(text) ? voiceLength(files) : 'none';

/** The answer that says which promise of the draft is meant. */
const PROMISE = 'commitment';

/** The answers as steps take them up. */
export function answersOf({ session }: Run) {
  const answers = session?.answers ?? {};
  const answer = (name: string | undefined): Answer =>
    name !== undefined && Object.hasOwn(answers, name) ? (answers[name] ?? null) : null;
  const text = (name: string | undefined) => asText(answer(name));
  const wordsOfOne = (name: string): Words => {
    if (filesIn(answer(name)).length > 0) return NO_WORDS;
    const held = session ? wordsIn(session, name) : NO_WORDS;
    return held.text === '' ? wordsOf(text(name) ?? '', null) : held;
  };
  return {
    answer,
    text,
    words: (names: readonly string[] = []): Words =>
      names.map(wordsOfOne).reduce((all, more) => followedBy(all, more), NO_WORDS),
    files: (names: readonly string[] = []) =>
      names.flatMap((name) => [answer(name), answer(fileBeside(name))]).flatMap(filesIn),
  };
}

/** The answers that the text is made of and nothing else; null where an author's words stand beside them. */
function textNames({ session }: Run, { text = '', textOf }: Contribute): string[] | null {
  const alone = /^\{(\w+)\}$/.exec(text)?.[1];
  const isSaid = session?.parts?.some(({ field }) => field === alone) ?? false;
  return textOf ?? (alone !== undefined && isSaid ? [alone] : null);
}

export const partsOfFields = ({ session }: Run, fields: readonly string[]): Part[] =>
  (session?.parts ?? []).filter(({ field }) => field !== undefined && fields.includes(field));

/** Made of nothing but what buttons mean, or what was given by the application. */
function isPressed(flow: Flow, { text = '', textOf }: Contribute): boolean {
  const names = textOf ?? [...text.matchAll(/\{\s*(\w+)/g)].map(([, name]) => name ?? '');
  return !names.some((name) => isWritten(flow, name));
}

function isWritten({ steps }: Flow, name: string): boolean {
  const asks = steps.filter((step) => 'ask' in step && (step.save ?? step.id) === name);
  const made = steps.some((step) => 'set' in step && Object.hasOwn(step.set, name));
  return name === 'said' || made || asks.some((step) => 'ask' in step && WRITTEN.has(step.ask));
}

const WRITTEN = new Set<Ask['ask']>(['text', 'place']);

/**
 * Whether the contribution's words are those of this answer alone: only then may an edited message replace them.
 */
export const carries = (flow: Flow, name: string): boolean =>
  flow.steps.some((step) => {
    if ('edit' in step) return step.text === name;
    if ('thread' in step) return step.textOf.includes(name);
    if ('act' in step) return step.attachments?.includes(name) ?? false;
    if (!('contribute' in step)) return false;
    return step.textOf ? step.textOf.length === 1 && step.textOf[0] === name : step.text === `{${name}}`;
  });
