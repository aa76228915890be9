import { expect, test } from 'vitest';
import type { Log } from '../../src/core/log.ts';
import { silentLog } from '../../src/core/log.ts';
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
  'a member opens the panel and is led on by its buttons; nothing of it is recorded (%s)',
  async (mode) => {
    const asked: unknown[] = [];
    const { ana, inbox } = await members(async (...call) => {
      asked.push(call);
      return call[1] === null ? panel('Send /stop to stop', ['Notices', 'Progress']) : panel('Two notices');
    }, mode);
    await ana.slash('Organize');
    expect(shown(ana)).toBe('« Organizar »\nSend /hearback stop to stop\n[ Notices ] [ Progress ]\n[ Cerrar ]');
    await ana.pressModal('Progress');
    await until('the panel is shown', () => shown(ana).includes('Two notices'));
    expect(asked).toEqual([
      ['slack:T1:UANA', null, 'es-ES'],
      ['slack:T1:UANA', 'o:Progress', 'es'],
    ]);
    expect(spoken(inbox)).toEqual([]);
  },
);

test('for whoever is no member it is a command like any other', async () => {
  const { ana, inbox } = await members(async () => null);
  await ana.slash('organize');
  expect(ana.modal()).toBeNull();
  expect(spoken(inbox)).toEqual([{ kind: 'command', name: 'organize', argument: '' }]);
});

test('who is no member any more, and whose panel fails, reads that it did not arrive; the log has the fault', async () => {
  const faults: unknown[] = [];
  const log = { ...silentLog, error: (_: string, __?: object, error?: unknown) => void faults.push(error) };
  let next: () => Panel | null = () => panel('Here', ['On']);
  const { ana, inbox } = await members(async () => next(), 'http', log);
  await ana.slash('organize');
  next = () => null;
  await ana.pressModal('On');
  await until('she is told in her language', () => shown(ana).includes('no ha llegado'));
  const fault = new Error('The database is away.');
  next = () => {
    throw fault;
  };
  await ana.slash('organize');
  expect(shown(ana)).toBe('« Hearback »\nLo sentimos, no ha llegado. Inténtelo de nuevo en un momento.');
  expect(faults).toEqual([fault]);
  expect(spoken(inbox)).toEqual([]);
});

test('a panel that takes its time has its place at once, and then its words', async () => {
  let ready = (_: Panel | null): void => undefined;
  const { ana } = await members(() => new Promise((resolve) => (ready = resolve)));
  await ana.slash('organize');
  expect(shown(ana)).toBe('« Hearback »\n…');
  ready(panel('At last'));
  await until('it is shown at last', () => shown(ana).includes('At last'));
});

test('who presses twice means it once; a view that was led on meanwhile, or closed, stays as it is', async () => {
  const waiting: ((next: Panel) => void)[] = [];
  const { ana, channel } = await members((_, data) =>
    data === null ? Promise.resolve(panel('First', ['On'])) : new Promise((resolve) => void waiting.push(resolve)),
  );
  await ana.slash('organize');
  await Promise.all([ana.pressModal('On'), ana.pressModal('On')]);
  expect(waiting).toHaveLength(1);
  ana.turnModal();
  waiting[0]?.(panel('Too late'));
  await channel.stop();
  expect(shown(ana)).toContain('First');
});

test('what is too much for one view is left out, and its buttons are there', async () => {
  const blocks = Array.from({ length: 300 }, (_, index) => ({ kind: 'text' as const, text: `Line ${index}` }));
  const title = 'A title that is far longer than Slack lets through';
  let next: Panel = { ...panel('', ['Notices']), title, blocks };
  const pressed: (string | null)[] = [];
  const { ana } = await members(async (_, data) => {
    pressed.push(data);
    return next;
  });
  await ana.slash('organize');
  expect(ana.modal()?.blocks).toHaveLength(100);
  expect(shown(ana)).toContain('Line 98\n[ Notices ]');
  next = {
    ...panel('Which?'),
    choices: Array.from({ length: 42 }, (_, index) => ({ label: `N ${index}`, data: `${index}` })),
  };
  await ana.slash('organize');
  await ana.pressModal('N 40');
  expect(pressed.at(-1)).toBe('40');
  next = { ...panel(''), blocks: [] };
  await ana.slash('organize');
  expect(shown(ana)).toContain('…');
});
