import { expect, test } from 'vitest';
import { codeHash } from '../../src/people/member.ts';
import { shownView } from '../../src/sandbox/slackPayload.ts';
import type { SlackSandboxUser } from '../../src/sandbox/slackPerson.ts';
import { createMembers } from '../../src/store/members.ts';
import { hears } from '../support/people.ts';
import { startSlackService } from '../support/slackService.ts';
import { until } from '../support/wait.ts';

const shown = (person: SlackSandboxUser): string => {
  const modal = person.modal();
  return modal ? shownView(modal) : '';
};

/** Does something, and gives the next message that says this. */
async function after(person: SlackSandboxUser, words: string, act: () => Promise<unknown>): Promise<string> {
  const from = person.chat.length;
  await act();
  return (await hears(person, words, from)).text;
}

test('on Slack a member organizes in a modal, subscribes a channel, and whose message is suggested is asked', async () => {
  const { slack, service } = await startSlackService('socket');
  const { db } = service.core;
  const member = { id: 'ana', name: 'Ana', roles: ['organizer' as const], organization: null, side: null };
  await createMembers(db.pool).put(member, { hash: codeHash('K7QM2XPA'), until: new Date(Date.now() + 60_000) });
  const [ana, bo] = [slack.user('UANA'), slack.user('UBO', { name: 'Bo Díaz' })];

  await after(bo, 'do not know', () => bo.slash('organize'));
  expect(bo.modal()).toBeNull();
  await after(ana, 'Ana', () => ana.slash('start member_K7QM2XPA'));
  await ana.slash('organize');
  await until('the panel has its buttons', () => shown(ana).includes('[ '));
  const first = shown(ana);
  const label = /\[ (.+?) \]/.exec(first)?.[1] ?? '';
  await ana.pressModal(label);
  await until('the view has changed', () => shown(ana) !== first);
  expect(shown(ana)).not.toContain('try again');

  const parks = slack.channel('C1', { title: 'parks' });
  await after(ana, '#parks', () => parks.invite('UANA'));
  await after(ana, '#parks', () => ana.press(0));
  const groups = () => db.pool.query("SELECT key, address, name, status FROM identity WHERE kind = 'group'");
  const group = { key: 'slack:T1:C1', address: 'C1', name: '#parks' };
  expect((await groups()).rows).toEqual([{ ...group, status: 'active' }]);
  await parks.archive('UBO');
  await expect.poll(async () => (await groups()).rows).toEqual([{ ...group, status: 'unreachable' }]);

  const said = parks.say('UANA', 'A bench & shade <here>');
  expect(await after(ana, 'A bench & shade <here>', () => bo.shortcut('suggest_message', said))).toContain('Bo Díaz');
  await until('he is told', () => bo.notes.length === 1);
});
