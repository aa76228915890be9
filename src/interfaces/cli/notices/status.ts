import { commandLine } from '../../../core/commandLine.ts';
import type { EditStatus } from '../../../notices/edits.ts';
import { KINDS } from '../../../notices/kinds.ts';
import type { NoticeEvent, NoticeStatus } from '../../../notices/notice.ts';
import { clockTime, columns, counted, duration, grouped } from '../words.ts';
import { messages, reasonList } from './reasons.ts';
import { type NoticesWiring, zoneOf } from './wiring.ts';

/** Everything that is known of one notice, as JSON. */
export type FullStatus = NoticeStatus & { revision: EditStatus | null; history: NoticeEvent[] };

export async function fullStatus({ records, revision: revisionOf }: NoticesWiring, id: string): Promise<FullStatus> {
  const status = await records.status(id);
  const [revision, history] = await Promise.all([revisionOf(id), records.history(id)]);
  return { ...status, revision, history };
}

/** The same for a terminal. */
export async function statusText(wiring: NoticesWiring, id: string): Promise<string> {
  const status = await fullStatus(wiring, id);
  const zone = await zoneOf(wiring);
  return [
    `Notice ${id}: ${KINDS[status.kind].name}, ${stateWords(status, zone)}`,
    ...columns(countRows(status)).map((line) => `  ${line}`),
    ...(status.revision ? [revisionLine(status.revision)] : []),
    ...columns(status.history.map((event) => historyRow(event, zone))).map((line) => `  ${line}`),
  ].join('\n');
}

function stateWords({ id, state, at, approval, revision }: FullStatus, zone: string): string {
  if (revision?.what === 'recalled') return 'recalled';
  if (state === 'scheduled' && approval === 'needed')
    return `waits for approval: ${commandLine(`notices approve ${id} --as MEMBER`)}`;
  if (state === 'scheduled' && at) return `begins at ${clockTime(at, zone)}`;
  return approval === 'given' ? `${state}, approved` : state;
}

function countRows(status: NoticeStatus): string[][] {
  const { recipients, sent, open, perSecond, secondsLeft, reasons } = status;
  const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`;
  const pace = perSecond === null ? '' : `${perSecond} a second${left}`;
  const others = (['failed', 'skipped', 'uncertain'] as const).flatMap((state) =>
    status[state] > 0 ? [[state, grouped(status[state]), reasonList(reasons[state])]] : [],
  );
  return [
    ['recipients', grouped(recipients), ''],
    ['sent', grouped(sent), pace],
    ...others,
    ...(open > 0 ? [['open', grouped(open), '']] : []),
  ];
}

/** `called back: 40 messages, 3 not (too old for the platform 3), 2 to do`. */
export function revisionLine({ what, changed, open, refused }: EditStatus): string {
  const sum = Object.values(refused).reduce((total, count) => total + count, 0);
  const not = sum > 0 ? `; ${grouped(sum)} could not be (${reasonList(refused)})` : '';
  const todo = open > 0 ? `; ${grouped(open)} to do` : '';
  const changes = what === 'recalled' ? 'taken back' : 'with the new words';
  return `  ${messages(changed)} ${changes}${not}${todo}.`;
}

function historyRow({ what, by, detail, at }: NoticeEvent, zone: string): string[] {
  const { messages: again, recipients } = (detail ?? {}) as { messages?: number; recipients?: number };
  const whom = recipients === undefined ? '' : counted(recipients, 'person', 'people');
  return [
    clockTime(at, zone),
    `${what}${by === null ? '' : ` by ${by}`}`,
    again === undefined ? whom : messages(again),
  ];
}

/** All notices, a line each. */
export function statusLines(all: readonly NoticeStatus[]): string {
  const rows = all.map((status) => {
    const { id, kind, state, approval, recipients } = status;
    const parts = (['sent', 'failed', 'skipped', 'uncertain', 'open'] as const).filter((name) => status[name] > 0);
    const counts = parts.map((name) => `${grouped(status[name])} ${name}`).join(', ');
    const waits = approval === 'needed' && (state === 'scheduled' || state === 'paused');
    return [id, kind, waits ? 'to approve' : state, grouped(recipients), counts];
  });
  if (rows.length === 0) return 'No notices yet.';
  return columns(rows, ['id', 'kind', 'state', 'recipients', '']).join('\n');
}
