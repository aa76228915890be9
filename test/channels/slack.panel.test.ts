import { expect, test } from 'vitest';
import type { Log } from '../../src/core/log.ts';
import { silentLog } from '../../src/core/log.ts';
import type { OutboundMessage, PanelPlace } from '../../src/core/message.ts';
import type { Panel, Surfaces } from '../../src/core/surfaces.ts';
import { shownView } from '../../src/sandbox/slackPayload.ts';
import type { SlackSandboxUser } from '../../src/sandbox/slackPerson.ts';
import { shippedSurfaces } from '../support/slack.ts';
import { createInbox, spoken, stage } from '../support/slackStage.ts';
import { until } from '../support/wait.ts';

const MODES = ['socket', 'http'] as const;

const panel = (words: string, labels: string[] = []): Panel => ({
  language: 'es',
  title: 'Organizar',
  close: 'Cerrar',
  blocks: [{ kind: 'text', text: words }],
  choices: labels.map((label) => ({ label, data: `o:${label}` })),
});

/** What a press has led to, in the place of the view in which it was pressed. */
function led(pressed: unknown, { blocks, choices, ...more }: Panel): OutboundMessage {
  const { panel: place } = pressed as { panel: PanelPlace };
  return { blocks, choices, panel: { ...place, ...more } };
}

const shown = (person: SlackSandboxUser): string => {
  const modal = person.modal();
  return modal ? shownView(modal) : '';
};

/** A started channel on which `answer` makes the panels. */
async function members(answer: Surfaces['panel'], mode: (typeof MODES)[number] = 'http', log: Log = silentLog) {
  const { slack, channel } = await stage(mode, { surfaces: { ...(await shippedSurfaces()), panel: answer }, log });
  const inbox = createInbox();
  await channel.start(inbox.receive);
  return { slack, channel, inbox, ana: slack.user('UANA', { language: 'es-ES' }) };
}

test.each(MODES)(
  'a member opens the panel; its buttons are recorded in their order like any other, and lead on to what is sent (%s)',
  async (mode) => {
    const asked: unknown[] = [];
    const { ana, inbox, channel } = await members(async (...call) => {
      asked.push(call);
      return panel('Send /stop to stop', ['Notices', 'Progress']);
    }, mode);
    await ana.slash('Organize');
    expect(shown(ana)).toBe('« Organizar »\nSend /hearback stop to stop\n[ Notices ] [ Progress ]\n[ Cerrar ]');
    expect(spoken(inbox)).toEqual([]);
    await ana.pressModal('Progress');
    await until('it is recorded', () => spoken(inbox).length === 1);
    const place = { view: expect.any(String), state: expect.any(String) };
    expect(spoken(inbox)).toEqual([{ kind: 'choice', data: 'o:Progress', messageId: null, panel: place }]);
    await channel.send('DANA', led(spoken(inbox)[0], panel('Two notices')));
    expect(shown(ana)).toBe('« Organizar »\nTwo notices\n[ Cerrar ]');
    expect(asked).toEqual([['slack:T1:UANA', 'es-ES']]);
  },
);

test('for whoever is not a member it is a command like any other', async () => {
  const { ana, inbox } = await members(async () => null);
  await ana.slash('organize');
  expect(ana.modal()).toBeNull();
  expect(spoken(inbox)).toEqual([{ kind: 'command', name: 'organize', argument: '' }]);
});

test('whose panel fails reads that it did not arrive; the log has the fault', async () => {
  const faults: unknown[] = [];
  const log = { ...silentLog, error: (_: string, __?: object, error?: unknown) => void faults.push(error) };
  const fault = new Error('The database is away.');
  const { ana } = await members(() => Promise.reject(fault), 'http', log);
  await ana.slash('organize');
  expect(shown(ana)).toBe('« Hearback »\nLo sentimos, no ha llegado. Inténtelo de nuevo en un momento.');
  expect(faults).toEqual([fault]);
});

test('a panel that takes its time has its place at once, and then its words', async () => {
  let ready = (_: Panel | null): void => undefined;
  const { ana } = await members(() => new Promise((resolve) => (ready = resolve)));
  await ana.slash('organize');
  expect(shown(ana)).toBe('« Hearback »\n…');
  ready(panel('At last'));
  await until('it is shown at last', () => shown(ana).includes('At last'));
});

test('of two presses in one state of a view the first leads on; one that was turned meanwhile, or closed, stays as it is', async () => {
  const { ana, inbox, channel } = await members(async () => panel('First', ['On']));
  await ana.slash('organize');
  await Promise.all([ana.pressModal('On'), ana.pressModal('On')]);
  await until('both are recorded', () => spoken(inbox).length === 2);
  const [one, other] = spoken(inbox);
  await channel.send('DANA', led(one, panel('Second', ['On'])));
  await channel.send('DANA', led(other, panel('Third', ['On'])));
  expect(shown(ana)).toContain('Second');
  ana.turnModal();
  await channel.send('DANA', led(one, panel('Too late')));
  expect(shown(ana)).not.toContain('Too late');
});

test('what is too much for one view is left out, and its buttons are there', async () => {
  const blocks = Array.from({ length: 300 }, (_, index) => ({ kind: 'text' as const, text: `Line ${index}` }));
  const title = 'A title that is far longer than Slack lets through';
  let next: Panel = { ...panel('', ['Notices']), title, blocks };
  const { ana, inbox } = await members(async () => next);
  await ana.slash('organize');
  expect(ana.modal()?.blocks).toHaveLength(100);
  expect(shown(ana)).toContain('Line 98\n[ Notices ]');
  next = {
    ...panel('Which?'),
    choices: Array.from({ length: 42 }, (_, index) => ({ label: `N ${index}`, data: `${index}` })),
  };
  await ana.slash('organize');
  await ana.pressModal('N 40');
  await until('it is recorded', () => spoken(inbox).length === 1);
  expect(spoken(inbox)).toMatchObject([{ kind: 'choice', data: '40' }]);
  next = { ...panel(''), blocks: [] };
  await ana.slash('organize');
  expect(shown(ana)).toContain('…');
});
