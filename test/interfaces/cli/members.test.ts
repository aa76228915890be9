import { Command } from 'commander';
import { expect, test, vi } from 'vitest';
import { viewsOf } from '../../../src/compose/views.ts';
import { UserError } from '../../../src/core/errors.ts';
import { addMembersCommands } from '../../../src/interfaces/cli/members.ts';
import { createMembers } from '../../../src/store/members.ts';
import { acting, audited } from '../../support/actions.ts';
import { freshDatabase } from '../../support/database.ts';

const NOW = Date.UTC(2027, 1, 1, 9);

test('a member is added with a code, changed, listed and removed; what is wrong is named with its remedy', async () => {
  const db = await freshDatabase();
  let away = false;
  const addresses = async (start: string) => {
    if (away) throw new UserError('TELEGRAM_API_ROOT: it does not answer.');
    return [{ channel: 'telegram' as const, url: `https://t.me/our_bot?start=${start}`, toType: null }];
  };
  const run = async (...args: string[]): Promise<string> => {
    const program = new Command().exitOverride();
    addMembersCommands(program, async () => ({
      views: viewsOf(db),
      actions: async () => acting(db, { clock: () => NOW }),
      addresses,
      processes: { current: async () => ({ timeZone: 'Europe/Madrid' }) },
      close: async () => {},
    }));
    let out = '';
    const spy = vi.spyOn(process.stdout, 'write').mockImplementation((text) => (out += text) !== '');
    await program.parseAsync(['members', ...args], { from: 'user' }).finally(() => spy.mockRestore());
    return out;
  };
  const mistake = (...args: string[]) => run(...args).catch((error: UserError) => error.message);

  expect(await run('list')).toContain('No members yet');
  const said = await run('add', 'ana', '--name', 'Ana Díaz', '--role', 'organizer', '--role', 'forum');
  const [, code = ''] = /\/start member_([A-Z0-9]{8})/.exec(said) ?? [];
  expect(said).toContain(`, or open https://t.me/our_bot?start=member_${code}`);
  away = true;
  expect(said).toContain('until 2027-02-08 10:00 Europe/Madrid');
  expect(said).toContain(`/hearback start member_${code}`);
  expect(await createMembers(db.pool).join('slack:T:ana', code, new Date(NOW))).toMatchObject({ id: 'ana' });

  const changed = JSON.parse(await run('add', 'ana', '--organization', 'City', '--json'));
  expect(changed).toMatchObject({ id: 'ana', name: 'Ana Díaz', roles: ['organizer', 'forum'], organization: 'City' });
  expect(changed.code).toMatch(/^[A-Z0-9]{8}$/);
  expect(changed.code).not.toBe(code);
  expect(await run('list')).toMatch(/^ana +organizer, forum +Ana Díaz \(City\): in the chat on slack/);
  expect(JSON.parse(await run('list', '--json'))).toMatchObject([{ id: 'ana', chats: ['slack'] }]);

  expect(await mistake('add', 'Ana Díaz', '--name', 'A', '--role', 'forum')).toContain('Write for example ana-diaz.');
  expect(await mistake('add', 'ben', '--role', 'organiser', '--name', 'Ben')).toContain('Did you mean "organizer"?');
  expect(await mistake('add', 'ben')).toMatch(/^--name: .*\n--role: /);
  expect(await mistake('remove', 'anna')).toBe('There is no member "anna". Did you mean "ana"?');
  expect(JSON.parse(await run('remove', 'ana', '--json'))).toEqual({ id: 'ana', removed: true });
  expect(await run('list', '--json')).toBe('[]\n');

  const first = await run('add', 'mia', '--name', 'Mia', '--role', 'forum');
  expect(first).toContain('Mia (mia) is a member: forum.\n');
  expect(await run('list')).toContain('a code until 2027-02-08 10:00 Europe/Madrid');
  expect(await run('add', 'mia')).toContain('Mia (mia) was a member already, and has a new code.\n');
  expect(await run('add', 'mia', '--name', 'Mia Bo', '--role', 'liaison')).toContain(
    'mia was a member already, and is changed: Mia: forum -> Mia Bo: liaison.\n',
  );
  await run('remove', 'mia');

  await run('add', 'olga', '--name', 'Olga', '--role', 'admin');
  expect(await mistake('add', 'ole', '--name', 'Ole', '--role', 'forum', '--side', 'private')).toContain(
    'There are: government, civil-society.',
  );
  expect(await run('add', 'ole', '--name', 'Ole', '--role', 'reviewer', '--side', 'civil-society')).toContain(
    'Ole (ole) is a member: forum, civil society.\n',
  );
  expect(await run('add', 'ole', '--side', 'government')).toContain(
    ': Ole: forum, civil society -> Ole: forum, government.',
  );
  expect(await run('list')).toMatch(/^ole +forum +Ole \(government\): no chat yet/m);
  expect(await mistake('add', 'olga', '--role', 'forum', '--as', 'olga')).toContain('by themselves');
  expect(await mistake('add', 'operator', '--name', 'O', '--role', 'forum')).toContain(
    'No member can be called operator',
  );
  await run('add', 'leo', '--name', 'Leo', '--role', 'liaison', '--as', 'olga');
  await run('add', 'otto', '--name', 'Otto', '--role', 'organizer', '--as', 'olga');
  expect(await mistake('remove', 'olga', '--as', 'otto')).toContain(
    'otto may not remove members: it takes a member with the role admin.',
  );
  expect((await audited(db)).slice(-5)).toEqual([
    ...[
      'operator members.add done',
      'olga members.add refused',
      'olga members.add done',
      'olga members.add done',
      'otto members.remove refused',
    ],
  ]);
});
