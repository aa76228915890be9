import { type Channel, SendError } from '../core/channel.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { Log } from '../core/log.ts';
import type { ButtonUse, PressedButton } from '../core/usedButtons.ts';
import { changeRate } from './changeRate.ts';
import { type Pause, systemPause } from './localRateLimit.ts';
import { patienceMs } from './outcomes.ts';
import type { SharedRateLimit } from './sharedRateLimit.ts';

export interface UsedButton {
  channel: ChannelName;
  pressed: PressedButton;
  use: ButtonUse;
}

export interface MarkUsedParts {
  rateLimit: Pick<SharedRateLimit, 'take' | 'block'>;
  channels: ReadonlyMap<ChannelName, Channel>;
  log: Log;
  pause?: Pause | undefined;
}

export interface ButtonMarker {
  /** @param answered they are shown as used once this is over */
  mark(buttons: readonly UsedButton[], answered: Promise<void>): void;
  /** Resolves when nothing waits. */
  idle(): Promise<void>;
  /** Forgets what waits; resolves when nothing is under way. */
  stop(): Promise<void>;
}

/** More than this waits only where the platform is far behind: the oldest are not looked at any more. */
const MOST_WAITING = 200;
/** As changes of notices: nothing is reserved further ahead, so that others come in between. */
const HORIZON_MS = 1_000;

/**
 * Shows people which button they have pressed, one message after the other within what the platform allows for changes. It
 * is a courtesy: what fails, or is too much, is left as it was.
 */
export function createButtonMarker(parts: MarkUsedParts): ButtonMarker {
  const lanes = new Map<ChannelName, UsedButton[]>();
  const underWay = new Set<Promise<void>>();

  function track(work: Promise<void>): void {
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  }

  /** A lane is there for as long as somebody works through it. */
  async function work(channel: Channel, lane: UsedButton[]): Promise<void> {
    for (let next = lane.shift(); next; next = lane.shift()) {
      await turn(channel, parts);
      await one(channel, next, parts);
    }
    lanes.delete(channel.name);
  }

  function add(used: UsedButton): void {
    const channel = parts.channels.get(used.channel);
    if (!channel) return;
    const lane = lanes.get(channel.name);
    if (lane) {
      lane.push(used);
      if (lane.length > MOST_WAITING) lane.shift();
    } else {
      const fresh = [used];
      lanes.set(channel.name, fresh);
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
      for (const lane of lanes.values()) lane.length = 0;
      return idle();
    },
  };
}

/** Resolves when one change may go; without the database it goes at once. */
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

async function one(channel: Channel, { pressed, use }: UsedButton, { rateLimit, log }: MarkUsedParts): Promise<void> {
  try {
    await channel.markUsed(pressed, use);
  } catch (error) {
    const code = error instanceof SendError ? error.code : 'unknown';
    log.debug('A used button stays as it was', { channel: channel.name, code });
    if (error instanceof SendError && code === 'slow_down')
      await rateLimit.block(changeRate(channel).key, patienceMs(error)).catch(() => undefined);
  }
}
