import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { viewsOf } from '../../../src/compose/views.ts';
import { UserError } from '../../../src/core/errors.ts';
import { addEventsCommands } from '../../../src/interfaces/cli/events.ts';
import { parseProcess } from '../../../src/process/process.ts';
import { createAttendance } from '../../../src/store/attendance.ts';
import { createProcesses } from '../../../src/store/processes.ts';
import { freshDatabase } from '../../support/database.ts';
import { seedPeople } from '../../support/outbound.ts';

const file = 'flows/example.process.yaml';
const example = parseProcess(await readFile(file, 'utf8'), file);
const events = [{ ...example.events[0]!, capacity: 1 }];

test('organizers see how many come, wait and do not, and nothing of who they are', async () => {
  const db = await freshDatabase();
  await seedPeople(db, 4);
  const processes = createProcesses(db);
  await processes.apply({ ...example, events }, null, 'sixth');
  const attendance = createAttendance(db.pool);
  for (const [index, answer] of (['yes', 'yes', 'maybe', 'no'] as const).entries())
    await attendance.answer({
      ...{ process: 1, event: 'opening', capacity: 1, until: null },
      ...{ identityId: `${index + 1}`, answer, at: new Date(), update: `u${index}` },
    });
  const run = async (...args: string[]): Promise<string> => {
    let said = '';
    const wiring = { views: viewsOf(db), processes, close: async () => undefined };
    const program = new Command().exitOverride();
    addEventsCommands(program, async () => wiring, { write: (text) => void (said += text) });
    await program.parseAsync(['events', ...args], { from: 'user' });
    return said;
  };
  const row = { id: 'opening', title: 'Opening meeting', at: '2027-02-04T18:00', cancelled: false, capacity: 1 };
  const counts = { yes: 2, maybe: 1, no: 1, seats: 1, waiting: 1 };
  expect(JSON.parse(await run('list', '--json'))).toEqual([{ ...row, ...counts }]);
  expect(JSON.parse(await run('answers', 'opening', '--json'))).toEqual({ ...row, ...counts });
  expect(await run('answers', 'opening')).toBe(
    'opening  Opening meeting (2027-02-04T18:00): 2 yes, 1 maybe, 1 no; 1 of 1 seats taken, 1 waiting\n',
  );
  const refused = run('answers', 'closing');
  await expect(refused).rejects.toThrow('The process has no event "closing". There are: opening.');
  await expect(refused).rejects.toBeInstanceOf(UserError);

  // The next process has an event of the same name.
  await processes.close(1, null, new Date());
  await processes.apply({ ...example, events, name: 'Seventh' }, null, 'seventh');
  const none = { yes: 0, maybe: 0, no: 0, seats: 0, waiting: 0 };
  expect(JSON.parse(await run('list', '--json'))).toEqual([{ ...row, ...none }]);
  expect(JSON.parse(await run('list', '--json', '--process', 'sixth'))).toEqual([{ ...row, ...counts }]);
  expect(JSON.parse(await run('answers', 'opening', '--json', '--process', 'sixth'))).toEqual({ ...row, ...counts });
  await expect(run('list', '--process', 'sixht')).rejects.toThrow('--process: there is no process "sixht"');
});
