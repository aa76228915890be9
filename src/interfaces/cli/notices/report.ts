import { stringify } from 'csv-stringify/sync';
import { channelTitle } from '../../../channels/registry.ts';
import { concealed, type NoticeReport, type ShownCount } from '../../../notices/report.ts';
import { atTerminal } from '../../../people/actor.ts';
import { guard } from '../../../responses/sheet/cells.ts';
import { clockTime, columns, counted, grouped, harmless } from '../words.ts';
import { type Doing, type NoticesContext, zoneOf } from './wiring.ts';

export interface ReportOptions extends Doing {
  csv?: boolean;
}

export async function report(context: NoticesContext, id: string, { as, json, csv }: ReportOptions): Promise<void> {
  await context.actions.read(atTerminal(as), 'notices.report', id);
  const found = await context.report(id);
  if (json) return context.print(JSON.stringify(found));
  if (csv) return context.print(table(found).trimEnd());
  context.print(reportText(found, await zoneOf(context)));
}

const HEAD = ['by', 'value', 'had', 'answered'];

function table({ had, answered, by }: NoticeReport): string {
  const rows = Object.entries(by).flatMap(([name, values]) =>
    values.map((row) => [name, guard(row.value ?? ''), row.had, row.answered]),
  );
  return stringify([HEAD, ['all', '', had, answered], ...rows]);
}

const NAMES = { language: 'Language', group: 'Group', channel: 'Platform', source: 'Came by' } as const;

/** Without numbers so small that people could be identified. */
function reportText(found: NoticeReport, zone: string): string {
  const { id, recipients, had, answered, toItsQuestion, by } = found;
  const few = new Set<ShownCount>();
  const sections = Object.entries(by).flatMap(([name, values]) => {
    const [havers, answerers] = [concealed(values.map((row) => row.had)), concealed(values.map((row) => row.answered))];
    for (const shown of [...havers, ...answerers]) few.add(shown);
    const rows = values.map(({ value }, index) => [
      harmless(name === 'channel' && value !== null ? channelTitle(value) : (value ?? 'not known')).replaceAll(
        '\n',
        ' ',
      ),
      words(havers[index]),
      words(answerers[index]),
    ]);
    return ['', ...columns(rows, [NAMES[name as keyof typeof NAMES], 'had it', 'answered'])];
  });
  return [
    `Notice ${id}${found.begunAt ? `, begun at ${clockTime(found.begunAt, zone)}` : ''}`,
    `${grouped(had)} of ${counted(recipients, 'person', 'people')} had it.`,
    `${counted(answered, 'person', 'people')} answered: with a contribution or to an event, within ${found.days} days of having it.`,
    ...(toItsQuestion === null ? [] : [`${counted(toItsQuestion, 'person', 'people')} of them answered its question.`]),
    ...sections,
    ...(few.has('hidden') ? ['', '- : not shown, so that nobody can work out the small number beside it.'] : []),
  ].join('\n');
}

function words(shown: ShownCount | undefined): string {
  if (shown === undefined || shown === 'hidden') return '-';
  return shown === 'few' ? 'fewer than 5' : grouped(shown);
}
