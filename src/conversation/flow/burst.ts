import type { Amended, Contributed } from './events.ts';
import { filesIn } from './files.ts';
import { type FreeText, freeTextIn, spokenIn } from './heardWords.ts';
import { partsOfSaid } from './held.ts';
import { isRest } from './last.ts';
import { openAsk, type Run } from './run.ts';
import { sessionOf } from './stepRunner.ts';
import { contribute } from './steps/contribute.ts';
import { talkInAnswer, unclearIn } from './talk.ts';
import type { Input, Recent } from './types.ts';

/**
 * What comes while the receipt of what was said is still to be given belongs to it, as do further files of its album at any
 * time. True when it does.
 */
export function joinsBurst(run: Run, input: Input): boolean {
  const { recent, consented } = run.person;
  const loose = freeTextIn(input);
  if (!recent || !loose || !consented) return false;
  const isOfAlbum = input.kind === 'media' && input.album !== undefined && input.album === recent.album;
  if (!isOfAlbum && (!recent.isOpen || openAsk(run) !== null || isTalk(run, loose, recent))) return false;
  const rest = isRest(run.last, run.world.saidAt ?? run.world.now) ? run.last : null;
  run.events.push({ ...moreOf(run, recent, loose), rest });
  run.took = 'said';
  return true;
}

/**
 * A photo or a document without words stands for nothing by itself: soon after something was given it belongs to that, and its
 * sender is told. True when it does.
 */
export function joinsRecent(run: Run, loose: FreeText): boolean {
  const { recent } = run.person;
  const isAlone = loose.said === null && loose.file !== null && loose.file.kind !== 'voice' && loose.forwarded === null;
  if (!recent?.isJustGiven || !isAlone) return false;
  run.events.push({ ...moreOf(run, recent, loose), unasked: true });
  run.took = 'said';
  return true;
}

const moreOf = (run: Run, { reference }: Recent, loose: FreeText): Amended => ({
  ...{ kind: 'amended', reference, words: spokenIn(loose), rest: null, attachments: filesIn(loose.file) },
  fields: loose.forwarded ? { forwarded: 'some' } : {},
  parts: [],
  theme: null,
  attribution: null,
  attributionName: null,
  done: null,
  offers: [],
  instead: byItself(run, loose),
});

const isTalk = (run: Run, { said, file }: FreeText, { to }: Recent): boolean =>
  file === null && (talkInAnswer(run, said ?? '', to) !== null || unclearIn(run, said ?? '') === 'question');

/** The contribution that it would have become where nothing was open. */
function byItself(run: Run, loose: FreeText): Contributed | null {
  const flow = run.registry.get('loose');
  const step = flow?.steps.find((each) => 'contribute' in each);
  if (!flow || !step || !('contribute' in step)) return null;
  const answers = { said: loose.said, files: loose.file, forwarded: loose.forwarded };
  return contribute(
    { ...run, session: sessionOf(run, flow, answers, partsOfSaid(answers, loose.messageId)) },
    flow,
    step,
  );
}
