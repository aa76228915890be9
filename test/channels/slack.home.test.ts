import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { atTerminal } from '../../src/people/actor.ts';
import { type SentView, shownView } from '../../src/sandbox/slackPayload.ts';
import type { SlackSandboxUser } from '../../src/sandbox/slackPerson.ts';
import { acting } from '../support/actions.ts';
import { hears } from '../support/people.ts';
import { commands } from '../support/slack.ts';
import { startSlackService } from '../support/slackService.ts';
import { until as untilHolds } from '../support/wait.ts';

const MODES = ['socket', 'http'];
const IDEA = 'Write /mine & <!channel> on every bench.';
const OPEN = 'opens: 2000-01-01\n    closes: 2099-12-31';
const FIELDS = { idea: IDEA };

const shown = (view: SentView | null): string => (view ? shownView(view) : '');

/** What the Home tab shows, once it shows this. */
async function homeWith(person: SlackSandboxUser, words: string): Promise<string> {
  await untilHolds(`the Home tab shows "${words}"`, () => shown(person.home()).includes(words));
  return shown(person.home());
}

async function openHome(person: SlackSandboxUser, words: string): Promise<string> {
  await person.openHome();
  return homeWith(person, words);
}

/** Does something, and gives the next message that says this. */
async function until(person: SlackSandboxUser, words: string, act: () => Promise<unknown>): Promise<string> {
  const from = person.chat.length;
  await act();
  return (await hears(person, words, from)).text;
}

/** Says hello and agrees to take part. */
async function join(person: SlackSandboxUser): Promise<void> {
  await until(person, 'Do you agree', () => person.slash(''));
  await until(person, 'Just write your idea', () => person.press('I agree'));
}

/** Gives an idea; its reference. */
async function sendIdea(person: SlackSandboxUser): Promise<string> {
  const receipt = await until(person, 'recorded as', () => person.shareIdea(FIELDS));
  return /HB-[A-Z0-9]+/.exec(receipt)?.[0] ?? '';
}

test.each(MODES)(
  'whoever only looks reads what this is and what to agree to, in their language, and sees questions and dates (%s)',
  async (mode) => {
    const { slack } = await startSlackService(mode);
    const home = await openHome(slack.user('UANA', { language: 'fr-FR' }), 'Je suis d’accord');
    expect(home).toMatch(/^Bonjour, .*Un gouvernement ouvert, c’est un gouvernement dont chacun peut voir le travail/);
    expect(home).toMatch(/Êtes-vous d’accord pour .*\n\[ Je suis d’accord \]\n────/);
    expect(home).toContain('# Sixième plan d’action');
    expect(home).toContain('# Réunions');
    expect(home).not.toContain('Ce que vous avez envoyé');
    expect(home).not.toContain('Partager une idée');
  },
);

test('a process that is applied while the service runs is what the first person sees', async () => {
  const { slack, service } = await startSlackService('socket');
  const example = (await service.core.processes.current()) ?? expect.unreachable();
  await acting(service.core.db).process.apply(atTerminal(), { ...example, name: 'Seventh Plan', themes: [] });
  const ana = slack.user('UANA');
  await untilHolds('the process is in force', async () => (await openHome(ana, 'I agree')).includes('# Seventh Plan'));
  await until(ana, 'Just write your idea', () => ana.pressHome('I agree'));
  await homeWith(ana, 'Share an idea');
  expect(shown(await ana.openModal())).not.toContain('theme');
});

test('Home says what is open now, and until when', async () => {
  const flows = await flowsWith((text) => text.replace('opens: 2027-02-01\n    closes: 2027-03-14', OPEN));
  const { slack } = await startSlackService('socket', flows);
  const home = await openHome(slack.user('UANA'), 'I agree');
  expect(home).toMatch(/# Now\nIdeas from everyone, until \w+, 31 December 2099\n/);
  expect(home.match(/# Now/g)).toHaveLength(1);
});

test.each(MODES)(
  'whoever agrees on Home is asked no more, and the form opens; what they had written before counts (%s)',
  async (mode) => {
    const { slack, service } = await startSlackService(mode);
    const ana = slack.user('UANA');
    await until(ana, 'Do you agree', () => ana.say('More light in the park by the school'));
    await openHome(ana, 'I agree');
    await until(ana, 'recorded as HB-', () => ana.pressHome('I agree'));
    await homeWith(ana, 'Share an idea');
    await until(ana, 'recorded as HB-', async () => expect(await ana.shareIdea(FIELDS)).toBeNull());
    expect(shown(ana.modal())).toContain('Please open the Messages tab');
    const { rows } = await service.core.db.pool.query('SELECT text FROM contribution ORDER BY submitted_at');
    expect(rows).toEqual([{ text: 'More light in the park by the school' }, { text: IDEA }]);
    const { rows: consents } = await service.core.db.pool.query('SELECT change, words FROM consent_change');
    expect(consents).toEqual([{ change: 'given', words: 'I agree' }]);
  },
);

test('whoever agrees on Home without a word before is greeted with what they can do, and not asked again', async () => {
  const { slack } = await startSlackService('http');
  const ana = slack.user('UANA');
  await openHome(ana, 'I agree');
  await until(ana, 'Just write your idea', () => ana.pressHome('I agree'));
  expect(ana.chat.map(({ text }) => text).join('\n')).not.toContain('Do you agree');
  const before = ana.chat.length;
  await homeWith(ana, 'Share an idea');
  await ana.pressHome('Answer');
  await hears(ana, () => true, before);
});

test('from Home everything is reached: a person, messages, language, data, and the end of it and the way back', async () => {
  const { slack } = await startSlackService('http');
  const ana = slack.user('UANA');
  await join(ana);
  await openHome(ana, 'Stop all messages');
  await until(ana, 'What would you like to ask', () => ana.pressHome('Ask a person'));
  await until(ana, 'What do you want to hear about', () => ana.pressHome('Which messages I get'));
  await until(ana, 'Which language?', () => ana.pressHome('Another language'));
  await until(ana, 'published', () => ana.pressHome('My data'));
  await until(ana, 'no more messages', () => ana.pressHome('Stop all messages'));
  expect(await homeWith(ana, 'You have stopped')).toMatch(/\[ Come back \]\n────.*\[ My data \]$/s);
  await until(ana, 'again', () => ana.pressHome('Come back'));
  await homeWith(ana, 'Share an idea');
});

test('members find there what they work with, and nobody else does', async () => {
  const { slack, service } = await startSlackService('http');
  const ben = slack.user('UBEN');
  await join(ben);
  expect(await openHome(ben, 'Share an idea')).not.toContain('For members');
  const actions = acting(service.core.db);
  const { code } = await actions.members.add(atTerminal(), { id: 'ben', name: 'Ben', roles: ['organizer'] });
  await actions.members.join('slack:T1:UBEN', code);
  await openHome(ben, 'For members');
  await ben.pressHome('For members');
  expect(shown(ben.modal())).toContain('You are Ben');
});

test.each(MODES)('what was sent stands on Home with its state, and is withdrawn there (%s)', async (mode) => {
  const { slack } = await startSlackService(mode);
  const ana = slack.user('UANA');
  await join(ana);
  expect(await openHome(ana, 'What you have sent')).toContain('You have not sent anything yet');
  const reference = await sendIdea(ana);
  const home = await homeWith(ana, reference);
  expect(home).toContain(
    `# Idea ${reference}: received, waiting for the forum\n▏ ${IDEA}\nShown without a name.\n[ Change it ] [ Withdraw it ]`,
  );
  await until(ana, `Withdraw ${reference}?`, () => ana.pressHome('Withdraw it'));
  await until(ana, `${reference} is withdrawn`, () => ana.press('Yes, withdraw it'));
  expect(await homeWith(ana, `${reference}: withdrawn`)).not.toContain('[ Withdraw');
});

test('a language chosen here is that of Home and the form, whatever Slack says', async () => {
  const { slack } = await startSlackService('socket');
  const ana = slack.user('UANA', { language: 'en-US' });
  await join(ana);
  await openHome(ana, 'What you have sent');
  await until(ana, 'Which language?', () => ana.slash('language'));
  await until(ana, 'Desde ahora', () => ana.press('Español'));
  expect(await homeWith(ana, 'Lo que ha enviado')).toContain('[ Compartir una idea ]');
  expect(shown(await ana.openModal())).toMatch(/« Compartir una idea »\n¿Qué debería cambiar\?/);
  expect(await ana.submitModal({ idea: 'A' })).toEqual({
    idea: expect.stringMatching(/^Escriba/),
  });
});

test('who has stopped sees that, and how to come back; a form opened before keeps their words', async () => {
  const { slack, service } = await startSlackService('socket');
  const ana = slack.user('UANA');
  await join(ana);
  await openHome(ana, 'Share an idea');
  const reference = await sendIdea(ana);
  await homeWith(ana, reference);
  await ana.openModal();
  await until(ana, 'no more messages', () => ana.slash('stop'));
  const home = await homeWith(ana, 'You have stopped');
  expect(home).toContain(reference);
  expect(home.match(/\[.*?\]/g)).toEqual(['[ Come back ]', '[ My data ]']);
  expect(await ana.submitModal(FIELDS)).toEqual({ idea: expect.stringContaining('You have stopped') });
  await until(ana, 'again', () => ana.slash('start'));
  await homeWith(ana, 'Share an idea');
  await until(ana, 'recorded as', async () => expect(await ana.submitModal(FIELDS)).toBeNull());
  const { rows } = await service.core.db.pool.query('SELECT count(*)::int AS count FROM contribution');
  expect(rows).toEqual([{ count: 2 }]);
});

test('several files and a clip of one message are one idea, with all of them', async () => {
  const { slack, service } = await startSlackService('http');
  const ana = slack.user('UANA');
  await join(ana);
  await until(ana, 'What should change?', () => ana.slash('idea'));
  const bytes = Buffer.from('x');
  const files = [
    { name: 'bridge.png', mime: 'image/png', bytes },
    { name: 'audio_message.mp4', mime: 'video/mp4', subtype: 'slack_audio', bytes },
    { name: 'plan.pdf', mime: 'application/pdf', bytes },
  ];
  await until(ana, 'recorded as HB-', () => ana.files(files, 'Mend this bridge'));
  // The further ones are said nothing to: the answer to what comes after them says that they have been taken in.
  await until(ana, 'no more messages', () => ana.slash('help'));
  const { rows } = await service.core.db.pool.query('SELECT text, attachments FROM contribution');
  expect(rows).toMatchObject([
    { text: 'Mend this bridge', attachments: [{ kind: 'photo' }, { kind: 'voice' }, { kind: 'document' }] },
  ]);
});

test('nothing that Hearback says on Slack names a command that Slack’s people cannot type', async () => {
  const { slack } = await startSlackService('socket');
  const ana = slack.user('UANA');
  await until(ana, 'Do you agree', () => ana.say('Good morning'));
  await until(ana, 'see the dates with', () => ana.press('No, thank you'));
  await join(ana);
  await openHome(ana, 'What you have sent');
  await sendIdea(ana);
  const asked: [string, string][] = [
    ['help', 'no more messages'],
    ['nonsense', 'do not know'],
    ['mine', 'what else'],
    ['timeline', 'Meetings'],
    ['privacy', 'published'],
    ['cancel', 'Nothing is open'],
    ['stop', 'come back'],
  ];
  for (const [command, words] of asked) await until(ana, words, () => ana.slash(command));
  await homeWith(ana, 'You have stopped');
  const chat = ana.chat.filter(({ from }) => from === 'bot');
  const labels = chat.flatMap(({ buttons }) => buttons.map(({ label }) => label));
  const notified = slack.sent.map(({ text }) =>
    String(text).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  );
  const all = [...chat.map(({ text }) => text), ...labels, ...notified, shown(ana.home())].join('\n');
  expect(all.match(/\/hearback \w+/g)?.length).toBeGreaterThan(20);
  // Only what the person said themselves is left as it is.
  expect(all.split(IDEA).length).toBeGreaterThan(3);
  expect(all.replaceAll(IDEA, '').match(new RegExp(`(?<![\\w/])/(${commands.join('|')})\\b.*`, 'g'))).toBeNull();
});

/** The shipped flows and process, each file changed in this way. */
async function flowsWith(change: (text: string) => string): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hearback-flows-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of (await readdir('flows')).filter((file) => file.endsWith('.yaml')))
    await writeFile(path.join(folder, name), change(await readFile(path.join('flows', name), 'utf8')));
  return folder;
}

function translated(node: unknown, added: string): unknown {
  if (Array.isArray(node)) {
    const all = node.map((each) => translated(each, added));
    return node.includes('en') && node.includes('es') ? [added, ...all] : all;
  }
  if (typeof node !== 'object' || node === null) return node;
  const all = Object.entries(node).map(([key, value]) => [key, translated(value, added)]);
  return 'en' in node && typeof node.en === 'string'
    ? { ...Object.fromEntries(all), [added]: `PT ${node.en}`.replace(/([.?!]) (?=[A-Z])/g, '$1 PT ') }
    : Object.fromEntries(all);
}

test('an organizer adds a language with texts alone, and Home, form and chat speak it', async () => {
  const { slack } = await startSlackService(
    'socket',
    await flowsWith((text) => stringify(translated(parse(text), 'pt'))),
  );
  const ana = slack.user('UANA', { language: 'pt-BR' });
  const first = await openHome(ana, 'PT I agree');
  await until(ana, 'PT Just write', () => ana.pressHome('PT I agree'));
  const home = `${first}\n${await homeWith(ana, 'PT Share an idea')}`;
  const form = shown(await ana.openModal());
  // Dates and rules are nobody's words.
  const spoken = `${home}\n${form}`.split('\n').filter((line) => /\p{L}/u.test(line) && !/20\d\d/.test(line));
  expect(spoken.filter((line) => !line.includes('PT '))).toEqual([]);
  await ana.submitModal({ idea: 'Mais luz' });
  expect(shown(ana.modal())).toContain('PT Thank you');
  await until(ana, 'PT Thank you', async () => undefined);
  expect(ana.chat.filter(({ text }) => !text.startsWith('PT '))).toEqual([]);
});
