import { channelTitle } from '../../../channels/registry.ts';
import { commandLine } from '../../../core/commandLine.ts';
import type { AudienceCount, Notice } from '../../../notices/notice.ts';
import { counted, grouped } from '../words.ts';
import { leftOutLine } from './preview.ts';
import { type NoticesContext, whomOf } from './wiring.ts';

/** Whom a notice reaches, in words, and how many they are now. */
export interface Explanation {
  whom: string;
  recipients: number;
  skipped: number;
  audience: AudienceCount[];
}

export async function explanation(context: NoticesContext, id: string): Promise<Explanation> {
  const { notice, ...counts } = await context.records.preview(id);
  return { whom: await whomOf(context, notice), ...counts };
}

export function explanationText({ id }: Pick<Notice, 'id'>, { whom, audience, skipped }: Explanation): string {
  const channels = [...new Set(audience.map(({ channel }) => channel))];
  const on = channels.flatMap((channel) => {
    const people = sum(audience.filter((row) => row.channel === channel).map((row) => row.people));
    return people > 0 ? [`${grouped(people)} on ${channelTitle(channel)}`] : [];
  });
  const groups = sum(audience.map((row) => row.groups));
  const people = sum(audience.map((row) => row.people));
  const where = on.length > 0 ? ` (${on.join(', ')})` : '';
  return [
    `Notice ${id} goes to ${whom}.`,
    `Now that is ${[`${counted(people, 'person', 'people')}${where}`, ...(groups > 0 ? [counted(groups, 'group')] : [])].join(' and ')}.`,
    ...(skipped > 0 ? [leftOutLine(skipped, audience)] : []),
    `What they will see: ${commandLine(`notices preview ${id}`)}`,
  ].join('\n');
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
