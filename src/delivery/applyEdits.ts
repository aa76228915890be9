import { type Channel, SendError } from '../core/channel.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { OutboundMessage } from '../core/message.ts';
import type { EditReason, EditWork, NoticeEdits, Outdated, Revised } from '../notices/edits.ts';
import { type Backoff, createBackoff } from './backoff.ts';
import { changeRate } from './changeRate.ts';
import { chunkFor, createLocalRateLimit, type LocalRateLimit, type Pause, systemPause } from './localRateLimit.ts';
import { patienceMs } from './outcomes.ts';
import type { SharedRateLimit } from './sharedRateLimit.ts';

/** Reservations further ahead than this are not made: notices under way share the same clock. */
const HORIZON_MS = 1_000;
const PATIENCE_MS = 1_500;
/** Deliveries read at once: the reading costs the same for many as for few. */
const PAGE = 500;
/** How many chunks are under way at once: answers take longer than a chunk's stretch of time. */
const AT_ONCE = 4;
const TRY_AGAIN_MS = 30_000;

export interface EditApplierParts {
  revisions: Pick<NoticeEdits, 'next' | 'settle'>;
  rateLimit: SharedRateLimit;
  channels: ReadonlyMap<ChannelName, Channel>;
  /** The newest words of a notice, as each reader gets them, by delivery id. */
  render: (rows: Outdated[]) => Promise<Map<string, OutboundMessage>>;
  clock: Clock;
  log: Log;
  pause?: Pause;
}

/**
 * Brings what was sent of one notice on one channel to its newest revision, at the channel's rate. Changing twice does no
 * harm, so that nothing is claimed: whoever dies has only some of it done again.
 */
export type EditApplier = (work: EditWork, signal?: AbortSignal) => Promise<{ againInMs: number | null }>;

export function createEditApplier(given: EditApplierParts): EditApplier {
  const { clock, pause = systemPause } = given;
  const parts: Applying = {
    ...{ ...given, pause },
    localRateLimit: createLocalRateLimit(clock, pause),
    backoff: createBackoff(clock),
  };
  return async (work, signal) => {
    const channel = parts.channels.get(work.channel);
    if (!channel) return { againInMs: null };
    for (let after = '0'; !signal?.aborted; ) {
      const rows = await parts.revisions.next(work, after, PAGE);
      after = rows.at(-1)?.id ?? after;
      if (rows.length === 0) break;
      const wait = await page(rows, channel, parts, signal);
      if (wait !== null) return { againInMs: wait };
    }
    // What has to wait, or was being sent meanwhile, the sweep finds when it is due.
    return { againInMs: null };
  };
}

interface Applying extends Omit<EditApplierParts, 'pause'> {
  pause: Pause;
  localRateLimit: LocalRateLimit;
  backoff: Backoff;
}

/** What is left of a page, and the words that it gets. */
interface Page {
  left: Outdated[];
  words: Map<string, OutboundMessage>;
  channel: Channel;
}

/** Gives how long the platform wants to be left alone; null: it does not. */
async function page(rows: Outdated[], channel: Channel, parts: Applying, signal?: AbortSignal): Promise<number | null> {
  const settled = rows.flatMap(withoutCall);
  if (settled.length > 0) await parts.revisions.settle(settled);
  const left = rows.filter((row) => withoutCall(row).length === 0);
  const words = await parts.render(left.filter((row) => !row.recalled));
  const lanes = Array.from({ length: AT_ONCE }, () => lane({ left, words, channel }, parts, signal));
  // Where one breaks down, the others come to their end first: nothing goes on behind a job that has failed.
  await Promise.allSettled(lanes);
  const longest = Math.max(...(await Promise.all(lanes)));
  return longest > 0 ? longest : null;
}

/** Works through what is left together with the other lanes; gives how long the platform wants to be left alone. */
async function lane({ left, words, channel }: Page, parts: Applying, signal?: AbortSignal): Promise<number> {
  const { key, perSecond } = changeRate(channel);
  while (left.length > 0 && !signal?.aborted) {
    const turn = await parts.rateLimit.take(key, Math.min(left.length, chunkFor(perSecond)), perSecond, HORIZON_MS);
    if (turn.granted === 0 && turn.waitMs > PATIENCE_MS) return turn.waitMs;
    const start = parts.clock() + turn.waitMs;
    if (turn.granted === 0) await parts.pause(turn.waitMs);
    else await chunk({ left: left.splice(0, turn.granted), words, channel }, start, parts);
  }
  return 0;
}

async function chunk({ left: rows, words, channel }: Page, start: number, parts: Applying): Promise<void> {
  const { key, perSecond } = changeRate(channel);
  const work: Promise<Revised>[] = [];
  const fires = rows.map((row) => () => void work.push(one(row, words.get(row.id), channel, parts)));
  await parts.localRateLimit.run(key, start, 1000 / perSecond, fires);
  await parts.revisions.settle(await Promise.all(work));
  const more = rows.reduce((sum, { refs }) => sum + (refs?.length ?? 1) - 1, 0);
  // A message in several parts was several calls: the others wait for it.
  if (more > 0) await parts.rateLimit.take(key, more, perSecond, Number.MAX_SAFE_INTEGER);
}

async function one(
  row: Outdated,
  message: OutboundMessage | undefined,
  channel: Channel,
  parts: Applying,
): Promise<Revised> {
  const { id, number, refs } = row;
  const { key } = changeRate(channel);
  const silence = parts.backoff.ask(key);
  if (silence > 0) return { id, number, reason: null, againInMs: silence };
  try {
    if (row.recalled) await channel.remove(refs ?? []);
    else if (message) await channel.edit(refs ?? [], message);
    else return { id, number, reason: 'gone', againInMs: null };
    parts.backoff.passed(key);
    return { id, number, reason: null, againInMs: null };
  } catch (error) {
    if (error instanceof SendError) return refusal(row, error, key, parts);
    parts.log.error('A channel failed in a way it does not declare', { delivery: id, channel: channel.name }, error);
    return { id, number, reason: 'rejected', againInMs: null };
  }
}

/** A platform that wants peace from all of us gets it from the notices as well; one chat alone is only put off. */
async function refusal(
  row: Outdated,
  error: SendError,
  key: string,
  { backoff, rateLimit }: Applying,
): Promise<Revised> {
  const { id, number, refs } = row;
  if (error.code !== 'slow_down') {
    backoff.passed(key);
    return { id, number, ...verdict(row, error) };
  }
  const ms = patienceMs(error);
  if (backoff.hit(key, refs?.[0]?.chat ?? '', ms)) await rateLimit.block(key, ms);
  return { id, number, reason: null, againInMs: ms };
}

/** What is settled without asking the platform: who never got anything, and whose message nobody can name. */
function withoutCall({ id, number, state, recalled, refs, erased }: Outdated): Revised[] {
  const settled = (reason: EditReason | null): Revised[] => [{ id, number, reason, againInMs: null }];
  if (erased) return settled('erased');
  if (refs && refs.length > 0 && (recalled || state === 'sent')) return [];
  if (state === 'uncertain') return settled('unknown_outcome');
  return settled(state === 'sent' ? 'gone' : null);
}

/** Twice does no harm: what may not have arrived is simply tried again, as long as that is of any use. */
function verdict(
  { recalled, late }: Outdated,
  { code, retryable }: SendError,
): { reason: EditReason | null; againInMs: number | null } {
  if (code === 'moved') return { reason: 'gone', againInMs: null };
  if (retryable || code === 'unknown_outcome')
    return late ? { reason: code, againInMs: null } : { reason: null, againInMs: TRY_AGAIN_MS };
  return { reason: recalled && code === 'rejected' ? 'too_late' : code, againInMs: null };
}
