import { before } from '../core/calendar.ts';
import type { ProcessDefinition } from './schema.ts';

/**
 * How long data is kept where the process file does not say. `attachments`, and `authors` of what was answered: counted
 * from the end of the process. `deliveries`, which say where in people's chats a notice is: from the end of the notice.
 */
export const RETENTION = {
  inbox: 'P7D',
  /** Updates that could not be read. The same for every process. */
  unreadable: 'P30D',
  replies: 'P7D',
  sessions: 'P90D',
  deliveries: 'P1Y',
  attachments: 'P1Y',
  authors: 'P2Y',
} as const;

/** What is older than this is deleted. */
export type KeptSince = Record<keyof typeof RETENTION, Date>;

export const keptSince = ({ retention }: Pick<ProcessDefinition, 'retention'>, now: number): KeptSince => {
  const periods: Record<keyof typeof RETENTION, string> = { ...RETENTION, ...given(retention) };
  return Object.fromEntries(
    Object.entries(periods).map(([kind, period]) => [kind, new Date(before(now, period))]),
  ) as KeptSince;
};

/** Only the periods that are given. */
const given = (periods: ProcessDefinition['retention'] = {}): Partial<Record<keyof typeof RETENTION, string>> =>
  Object.fromEntries(Object.entries(periods).filter(([, period]) => period !== undefined));
