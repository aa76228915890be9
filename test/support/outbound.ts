import type { Channel, ChannelLimits, SendError } from '../../src/core/channel.ts';
import type { OutboundMessage } from '../../src/core/message.ts';
import type { Database } from '../../src/store/database.ts';

export interface RecordingChannel extends Channel {
  /** Every call in its order. */
  calls: { address: string; at: number; message: OutboundMessage; fromPart: number }[];
  /** Addresses at which something arrived, each time. */
  arrived: string[];
}

/** A platform that records; `verdict` refuses a call. What has an unknown outcome arrives. */
export function recordingChannel(
  verdict: (address: string, call: number) => SendError | null = () => null,
  limits: Partial<ChannelLimits> = {},
): RecordingChannel {
  const calls: RecordingChannel['calls'] = [];
  const arrived: string[] = [];
  return {
    name: 'telegram',
    limits: { text: 4096, buttonLabel: 64, buttonData: 64, buttons: 100, perSecond: 100_000, chatGapMs: 0, ...limits },
    calls,
    arrived,
    async send(address, message, fromPart = 0) {
      calls.push({ address, at: Date.now(), message, fromPart });
      const error = verdict(address, calls.filter((call) => call.address === address).length);
      if (error) {
        if (error.code === 'unknown_outcome') arrived.push(address);
        throw error;
      }
      arrived.push(address);
      return [{ chat: address, id: String(calls.length) }];
    },
    edit: async () => undefined,
    remove: async () => undefined,
    markUsed: async () => undefined,
    shows: () => null,
    link: () => null,
    start: async () => undefined,
    stop: async () => undefined,
    download: async () => new Uint8Array(),
    introduce: async () => undefined,
    identify: async () => undefined,
    trouble: () => null,
  };
}

/** So many people, numbered on from `after`, reachable at the address `chat-<n>`, every second one reading Spanish. */
export async function seedPeople({ pool }: Database, count: number, channel = 'telegram', after = 0): Promise<void> {
  await pool.query(
    `INSERT INTO identity (key, contributor_id, channel, address, language, consent_version)
     SELECT $2 || ':bot:' || n, gen_random_uuid(), $2, 'chat-' || n, CASE n % 2 WHEN 0 THEN 'es' ELSE 'en' END, '1'
     FROM generate_series($3::int + 1, $3::int + $1::int) AS n ORDER BY n`,
    [count, channel, after],
  );
}

/** A running notice to everybody; gives the ids of its deliveries. */
export async function seedNotice(
  { pool }: Database,
  id: string,
  onUncertain: 'resend' | 'hold' = 'hold',
): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `WITH begun AS (
       INSERT INTO notice (id, kind, texts, audience, on_uncertain, state, snapshot_at, created_at)
       VALUES ($1, 'announcement', '"Hello"', 'everyone', $2, 'running', now(), now())
     )
     INSERT INTO delivery (notice_id, identity_id, channel) SELECT $1, id, channel FROM identity ORDER BY id RETURNING id`,
    [id, onUncertain],
  );
  return rows.map((row) => row.id);
}

export async function statesOf({ pool }: Database): Promise<Record<string, number>> {
  const { rows } = await pool.query('SELECT state, count(*)::int AS count FROM delivery GROUP BY state');
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
}

export const slicesOf = (ids: string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / 100) }, (_, index) => ids.slice(index * 100, (index + 1) * 100));
