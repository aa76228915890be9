import type { ChannelName } from './channelName.ts';

/** How one part does; the reason says what is the matter, in words that hold no address and no secret. */
export interface PartHealth {
  state: 'fine' | 'trouble';
  reason: string | null;
}

/** How the service does, part by part. */
export interface Health {
  /** What people say is kept. */
  ok: boolean;
  database: PartHealth;
  /** Left out where this process takes nothing in. */
  intake?: PartHealth;
  queue: PartHealth;
  channels: Partial<Record<ChannelName, PartHealth>>;
}
