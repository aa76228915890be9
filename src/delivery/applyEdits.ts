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

/** How far ahead reservations are made: notices that are being sent share the same rate. */
const HORIZON_MS = 1_000;
const PATIENCE_MS = 1_500;
/** Deliveries read at once: reading many costs the same as reading few. */
const PAGE = 500;
/** How many chunks are sent at once: the platform's answers take longer than the time that a chunk is granted. */
const AT_ONCE = 4;
const TRY_AGAIN_MS = 30_000;

export interface EditApplierParts {
  revisions: Pick<NoticeEdits, 'next' | 'settle'>;
  rateLimit: SharedRateLimit;
  channels: ReadonlyMap<ChannelName, Channel>;
  /** The newest text of a notice for each reader, by delivery id. */
  render: (rows: Outdated[]) => Promise<Map<string, OutboundMessage>>;
  clock: Clock;
  log: Log;
  pause?: Pause;
}

/**
 * Applies the newest revision of a notice to everything sent of it on one channel, at the channel's rate. Changing a
 * message twice does no harm, so nothing is claimed: after a crash some of it is simply done again.
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
    // Whatever has to wait, or was being sent meanwhile, the sweep picks up when it is due.
    return { againInMs: null };
  };
}

interface Applying extends Omit<EditApplierParts, 'pause'> {
  pause: Pause;
  localRateLimit: LocalRateLimit;
  backoff: Backoff;
}

/** The deliveries of a page that are still to be changed, and their new texts. */
interface Page {
  left: Outdated[];
  words: Map<string, OutboundMessage>;
  channel: Channel;
}

/** Gives for how long the platform wants no calls; null: it takes them. */
async function page(rows: Outdated[], channel: Channel, parts: Applying, signal?: AbortSignal): Promise<number | null> {
  const settled = rows.flatMap(withoutCall);
  if (settled.length > 0) await parts.revisions.settle(settled);
  const left = rows.filter((row) => withoutCall(row).length === 0);
  const words = await parts.render(left.filter((row) => !row.recalled));
  const workers = Array.from({ length: AT_ONCE }, () => worker({ left, words, channel }, parts, signal));
  // If one fails, the others finish first: no work continues after its job has failed.
  await Promise.allSettled(workers);
  const longest = Math.max(...(await Promise.all(workers)));
  return longest > 0 ? longest : null;
}

/** Works through a page together with the other workers; gives for how long the platform wants no calls. */
async function worker({ left, words, channel }: Page, parts: Applying, signal?: AbortSignal): Promise<number> {
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
  // A message in several parts took several calls: later ones wait accordingly.
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
    parts.log.error('A channel failed with an undeclared error', { delivery: id, channel: channel.name }, error);
    return { id, number, reason: 'rejected', againInMs: null };
  }
}

/** When the platform limits the whole bot, notices pause as well; when it limits one chat, only that chat waits. */
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

/** What is settled without a call: people who never got the message, and messages that cannot be identified. */
function withoutCall({ id, number, state, recalled, refs, erased }: Outdated): Revised[] {
  const settled = (reason: EditReason | null): Revised[] => [{ id, number, reason, againInMs: null }];
  if (erased) return settled('erased');
  if (refs && refs.length > 0 && (recalled || state === 'sent')) return [];
  if (state === 'uncertain') return settled('unknown_outcome');
  return settled(state === 'sent' ? 'gone' : null);
}

/** A change that may not have arrived is tried again for as long as it is useful: applying it twice does no harm. */
function verdict(
  { recalled, late }: Outdated,
  { code, retryable }: SendError,
): { reason: EditReason | null; againInMs: number | null } {
  if (code === 'moved') return { reason: 'gone', againInMs: null };
  if (retryable || code === 'unknown_outcome')
    return late ? { reason: code, againInMs: null } : { reason: null, againInMs: TRY_AGAIN_MS };
  return { reason: recalled && code === 'rejected' ? 'too_late' : code, againInMs: null };
}
