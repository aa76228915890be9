import { before } from '../core/calendar.ts';
import type { ProcessDefinition } from './schema.ts';

/**
 * What is kept for a time, and for how long where a process does not say. Of a process that is over: `attachments` and
 * `authors` (of what was answered) from its end on. `deliveries`: where in people's chats a notice went, from its end on.
 */
export const RETENTION = {
  inbox: 'P7D',
  /** Of what came in: what nobody could read. No process says otherwise. */
  unreadable: 'P30D',
  replies: 'P7D',
  sessions: 'P90D',
  deliveries: 'P1Y',
  attachments: 'P1Y',
  authors: 'P2Y',
} as const;

/** What is older than this goes. */
export type KeptSince = Record<keyof typeof RETENTION, Date>;

export const keptSince = ({ retention }: Pick<ProcessDefinition, 'retention'>, now: number): KeptSince => {
  const periods: Record<keyof typeof RETENTION, string> = { ...RETENTION, ...given(retention) };
  return Object.fromEntries(
    Object.entries(periods).map(([kind, period]) => [kind, new Date(before(now, period))]),
  ) as KeptSince;
};

/** Without those that are left out. */
const given = (periods: ProcessDefinition['retention'] = {}): Partial<Record<keyof typeof RETENTION, string>> =>
  Object.fromEntries(Object.entries(periods).filter(([, period]) => period !== undefined));
