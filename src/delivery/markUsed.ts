import { type Channel, SendError } from '../core/channel.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { Log } from '../core/log.ts';
import type { MessageRef, OutboundMessage } from '../core/message.ts';
import type { ButtonUse, PressedButton } from '../core/usedButtons.ts';
import { changeRate } from './changeRate.ts';
import { type Pause, systemPause } from './localRateLimit.ts';
import { patienceMs } from './outcomes.ts';
import type { SharedRateLimit } from './sharedRateLimit.ts';

export interface UsedButton {
  channel: ChannelName;
  pressed: PressedButton | AnsweredButton;
  use: ButtonUse;
}

/** A button whose question was answered in words, under the last message of a delivery. */
export interface AnsweredButton {
  delivery: string;
  question: OutboundMessage;
  data: string;
}

export interface MarkUsedParts {
  rateLimit: Pick<SharedRateLimit, 'take' | 'block'>;
  channels: ReadonlyMap<ChannelName, Channel>;
  /** Where the last message of a delivery stands; null where that is not known (any more). */
  lastOf: (delivery: string) => Promise<MessageRef | null>;
  log: Log;
  pause?: Pause | undefined;
}

export interface ButtonMarker {
  /** @param answered the buttons are shown as used once this has settled */
  mark(buttons: readonly UsedButton[], answered: Promise<void>): void;
  /** Resolves when nothing waits. */
  idle(): Promise<void>;
  /** Forgets what waits; resolves when nothing is under way. */
  stop(): Promise<void>;
}

/** More than this wait only when the platform is far behind: the oldest are dropped. */
const MOST_WAITING = 200;
/** As for edits of notices: nothing is reserved further ahead, so that others get their turn. */
const HORIZON_MS = 1_000;

/**
 * Marks the buttons that people have pressed, one message after the other, within the platform's rate for changes. It
 * is a courtesy: whatever fails or is too much stays as it was.
 */
export function createButtonMarker(parts: MarkUsedParts): ButtonMarker {
  const byChannel = new Map<ChannelName, UsedButton[]>();
  const underWay = new Set<Promise<void>>();

  function track(work: Promise<void>): void {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  }

  /** Marks one channel's buttons in their order, until none is left. */
  async function work(channel: Channel, waiting: UsedButton[]): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await turn(channel, parts);
      await one(channel, next, parts);
    }
    byChannel.delete(channel.name);
  }

  function add(used: UsedButton): void {
    const channel = parts.channels.get(used.channel);
    if (!channel) return;
    const waiting = byChannel.get(channel.name);
    if (waiting) {
      waiting.push(used);
      if (waiting.length > MOST_WAITING) waiting.shift();
    } else {
      const fresh = [used];
      byChannel.set(channel.name, fresh);
      track(work(channel, fresh));
    }
  }

  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }

  return {
    mark: (buttons, answered) => track(answered.then(() => buttons.forEach(add))),
    idle,
    stop() {
      for (const waiting of byChannel.values()) waiting.length = 0;
      return idle();
    },
  };
}

/** Resolves when one change may be made; without the database, at once. */
async function turn(channel: Channel, { rateLimit, pause = systemPause, log }: MarkUsedParts): Promise<void> {
  const { key, perSecond } = changeRate(channel);
  for (let granted = 0; granted === 0; ) {
    const given = await rateLimit.take(key, 1, perSecond, HORIZON_MS).catch((error: { code?: string }) => {
      log.debug('A change could not be reserved', { error: String(error.code) });
      return { granted: 1, waitMs: 0 };
    });
    granted = given.granted;
    if (given.waitMs > 0) await pause(given.waitMs);
  }
}

async function one(channel: Channel, { pressed, use }: UsedButton, parts: MarkUsedParts): Promise<void> {
  const { rateLimit, log } = parts;
  try {
    const button = 'delivery' in pressed ? await found(channel, pressed, parts) : pressed;
    if (button) await channel.markUsed(button, use);
  } catch (error) {
    const code = error instanceof SendError ? error.code : 'unknown';
    log.debug('A used button could not be marked', { channel: channel.name, code });
    if (error instanceof SendError && code === 'slow_down')
      await rateLimit.block(changeRate(channel).key, patienceMs(error)).catch(() => undefined);
  }
}

async function found(
  channel: Channel,
  { delivery, question, data }: AnsweredButton,
  { lastOf }: MarkUsedParts,
): Promise<PressedButton | null> {
  const ref = await lastOf(delivery);
  return ref && { address: ref.chat, messageId: ref.id, data, shown: channel.shows(question) };
}
