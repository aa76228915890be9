import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { takeTurn } from '../../src/conversation/flow/engine.ts';
import type { Amended, Contributed, Event } from '../../src/conversation/flow/events.ts';
import { openFlowRegistry, readFlows } from '../../src/conversation/flow/source/load.ts';
import type { Answer, Input, Person, Session, World } from '../../src/conversation/flow/types.ts';
import type { Attachment } from '../../src/core/inbound.ts';
import { type OutboundMessage, plainText } from '../../src/core/message.ts';
import { textFor } from '../../src/core/texts.ts';
import { parseProcess } from '../../src/process/process.ts';

const FLOWS = 'flows';
const LANGUAGES = ['en', 'es', 'fr'];
const DATES: Record<string, string> = { en: 'June 30, 2027', es: '30 de junio de 2027', fr: '30 juin 2027' };
const IDEA = 'Publish {every} contract, with its price.\n\n  It is our money — l’argent, «dinero».';
const PHOTO: Attachment = { kind: 'photo', ref: 'file-1', mime: 'image/jpeg', name: null, size: 9 };
const VOICE: Attachment = { kind: 'voice', ref: 'file-2', mime: 'audio/ogg', name: null, size: 9 };

const registry = await openFlowRegistry(FLOWS);
const process = parseProcess(await readFile('flows/example.process.yaml', 'utf8'), 'flows/example.process.yaml');

/** One person talking to the shipped flows; the session is stored and read again between every two turns. */
function talker(language: string, consented = true) {
  const person: Person = { language, consented, status: 'active' };
  const events: Event[] = [];
  let session: Session | null = null;
  let count = 0;
  const world = (): World => ({
    now: count * 1000,
    random: () => `nonce${(count += 1)}`,
    languages: process.languages,
    timeZone: process.timeZone,
    process: {
      id: 1,
      closed: false,
      name: textFor(process.name, person.language),
      themes: process.themes,
      places: process.places ?? [],
      hearBackBy: DATES[language] ?? null,
    },
  });
  function turn(input: Input): Event[] {
    const made = takeTurn(registry, session, { ...person }, input, world());
    session = made.session === null ? null : (JSON.parse(JSON.stringify(made.session)) as Session);
    for (const event of made.events) {
      events.push(event);
      if (event.kind === 'consented') person.consented = true;
      if (event.kind === 'language') person.language = event.language;
    }
    return made.events;
  }
  const last = (): OutboundMessage | undefined => events.filter((event) => event.kind === 'said').at(-1)?.message;
  return {
    events,
    amended: () => events.filter((event): event is Amended => event.kind === 'amended'),
    contributed: () => events.filter((event): event is Contributed => event.kind === 'contributed'),
    said: () => plainText(last() ?? { blocks: [] }),
    labels: () => (last()?.choices ?? []).map((choice) => choice.label),
    open: () => session !== null,
    begin: (flow: string, answers: Record<string, Answer> = {}) => turn({ kind: 'begin', flow, answers }),
    say: (text: string) => turn({ kind: 'text', text, messageId: 'm1' }),
    command: (name: string, argument = '') => turn({ kind: 'command', name, argument }),
    send: (attachment: Attachment, caption = '') => turn({ kind: 'media', attachment, caption }),
    press: (which: number) => turn({ kind: 'choice', data: last()?.choices?.at(which)?.data ?? 'no such button' }),
  };
}
type Talker = ReturnType<typeof talker>;

/** Presses the first button where there is one, and writes where there is none, until nothing is open. */
function toTheEnd(person: Talker): void {
  for (let step = 0; step < 30 && person.open(); step++) {
    if (person.labels().length === 0) person.say(IDEA);
    else person.press(0);
  }
}

const GIVEN: Record<string, { answers: Record<string, Answer>; kind: string | null; text?: string }> = {
  welcome: { answers: {}, kind: 'idea', text: IDEA },
  timeline: { answers: {}, kind: null },
  dates: { answers: {}, kind: null },
  questions: { answers: {}, kind: null },
  mine: { answers: {}, kind: null },
  privacy: { answers: {}, kind: null },
  topics: { answers: {}, kind: null },
  profile: { answers: {}, kind: null },
  idea: { answers: {}, kind: 'idea', text: IDEA },
  add: { answers: { reference: 'HB-A', what: 'details' }, kind: null },
  question: { answers: { question_id: 'trust', question_text: 'Why?' }, kind: 'answer', text: IDEA },
  comment: { answers: {}, kind: 'comment', text: IDEA },
  loose: { answers: { said: IDEA }, kind: 'idea', text: IDEA },
  respond: { answers: { response_id: 'r1', reply: 'question' }, kind: null },
  ask: { answers: {}, kind: null },
  decide: { answers: { reference: 'HB-A', decision: 'inclusion', before: 'A bench' }, kind: null },
  member: { answers: { said: IDEA, you: 'You are Ana: organizer.' }, kind: 'idea', text: IDEA },
  redecide: {
    answers: {
      ...{
        reference: 'HB-A',
        decision: 'inclusion',
        before: 'A bench',
        was_input: 'A bench',
        was_considered: 'On 1 June',
      },
      ...{ was_influence: 'Commitment 1', was_reason: 'It is cheap', was_beyond: 'Next year' },
    },
    kind: null,
  },
  reject: { answers: { reference: 'HB-A', mark: 'm', among: 'theme', proposer: 'Ben' }, kind: null },
  answer: { answers: { reference: 'HB-A', before: 'Who decides' }, kind: null },
  edit: { answers: { reference: 'HB-A', before: 'Old words' }, kind: null },
  stopped: { answers: {}, kind: null },
  erase: { answers: {}, kind: null },
  record: { answers: {}, kind: null },
  withdraw: { answers: { reference: 'HB-A', before: 'Old words' }, kind: null },
};

test('the shipped flows have no error and no warning', async () => {
  const { problems, sources } = await readFlows(FLOWS);
  expect(problems).toEqual([]);
  expect(sources.map((source) => source.flow.flow).sort()).toEqual(Object.keys(GIVEN).sort());
});

for (const language of LANGUAGES)
  for (const [flow, { answers, kind, text }] of Object.entries(GIVEN))
    test(`${flow} in ${language} is played to its end by the first button of everything`, () => {
      const person = talker(language, flow !== 'welcome');
      person.begin(flow, answers);
      toTheEnd(person);
      expect(person.open()).toBe(false);
      expect(person.events.filter((event) => event.kind === 'failed')).toEqual([]);
      const made = person.contributed();
      expect(made.map(({ contribution }) => [contribution.kind, contribution.text])).toEqual(
        kind ? [[kind, text]] : [],
      );
      for (const { receipt } of made) expect(receipt).toContain('{reference}');
      if (kind) expect(made[0]?.receipt).toContain(DATES[language]);
    });

for (const language of LANGUAGES)
  test(`no message in ${language} is longer than three sentences and a list, or shows a hole`, () => {
    for (const [flow, { answers }] of Object.entries(GIVEN)) {
      const person = talker(language, flow !== 'welcome');
      person.begin(flow, answers);
      toTheEnd(person);
      const words = person.events.flatMap((event) =>
        event.kind === 'said'
          ? [plainText(event.message)]
          : event.kind === 'contributed' && event.receipt
            ? [event.receipt]
            : [],
      );
      for (const message of words) {
        const own = message.replaceAll(IDEA, '');
        expect(own.match(/[.!?](?=\s|$)/g)?.length ?? 0, own).toBeLessThanOrEqual(3);
        expect(own.replace('{reference}', ''), own).not.toMatch(/[{}]|undefined|null|–$/);
      }
    }
  });

test('every command of the menus is obeyed, and what is typed as a word stands in the menus', () => {
  const { commands, words, texts } = registry.messages;
  for (const name of Object.keys(commands)) {
    const said = talker('en')
      .command(name)
      .flatMap((event) => (event.kind === 'said' ? [plainText(event.message)] : []));
    expect(said).not.toContain(textFor(texts.unknown_command ?? '', 'en'));
    expect(said.length + Number(['mine', 'privacy', 'timeline', 'questions'].includes(name))).toBeGreaterThan(0);
  }
  for (const command of Object.values(words)) expect(Object.keys(commands)).toContain(command);
});

test('an idea is recorded with its first words, and everything else is offered below the receipt', () => {
  const person = talker('en');
  person.begin('idea');
  person.say(IDEA);
  expect(person.open()).toBe(false);
  const [made] = person.contributed();
  expect(made?.contribution).toMatchObject({ text: IDEA, attribution: 'nobody', theme: null, attachments: [] });
  expect(made?.contribution.parts).toEqual([{ messageId: 'm1', at: 0, length: IDEA.length }]);
  expect(made?.offers).toEqual(['details', 'file', 'name', 'theme']);
});

test.each([VOICE, PHOTO])('an idea may be a file: %o', (file) => {
  const person = talker('en');
  person.begin('idea');
  person.send(file);
  expect(person.contributed()[0]?.contribution).toMatchObject({ text: '', attachments: [file] });
});

/** Has pressed a button below a receipt. */
function adding(what: string, language = 'en'): Talker {
  const person = talker(language);
  person.begin('add', { reference: 'HB-A', what });
  return person;
}

test('details are added one by one, as they come; each can be skipped, or spoken', () => {
  const person = adding('details');
  person.say('Nobody knows the price.');
  expect(person.amended()).toMatchObject([
    {
      reference: 'HB-A',
      fields: { problem: 'Nobody knows the price.' },
      parts: [{ messageId: 'm1', at: 0, length: 23, field: 'problem' }],
    },
  ]);
  person.send(VOICE);
  expect(person.amended().at(-1)).toMatchObject({ fields: {}, attachments: [VOICE] });
  expect(person.said()).toContain('HB-A');
  const other = adding('details');
  other.press(-1);
  other.press(-1);
  expect(other.amended()).toEqual([]);
  expect(other.open()).toBe(false);
});

test('a file is added with the words below it', () => {
  const person = adding('file');
  person.send(PHOTO, 'From the north');
  expect(person.amended()).toMatchObject([
    {
      attachments: [PHOTO],
      fields: { file_caption: 'From the north' },
      done: 'Thank you. I have added a photo to HB-A.',
    },
  ]);
});

test('a name is added, or taken back', () => {
  const [own, group, nobody] = [0, 1, 2].map((which) => {
    const person = adding('name');
    person.press(which);
    if (which < 2) person.say('Amina');
    return person.amended()[0];
  });
  expect(own).toMatchObject({ attribution: 'name', attributionName: 'Amina', theme: null });
  expect(group).toMatchObject({ attribution: 'group', attributionName: 'Amina' });
  expect(nobody).toMatchObject({ attribution: 'nobody', attributionName: null });
});

test('a theme is added', () => {
  const person = adding('theme');
  person.press(1);
  expect(person.amended()).toMatchObject([{ theme: process.themes[1]?.value, attribution: null }]);
});

test('who has not consented is asked first, and then gets to where they were going', () => {
  for (const goto of ['idea', 'question', 'comment']) {
    const person = talker('en', false);
    person.begin(goto, goto === 'question' ? { question_id: 'trust', question_text: 'Why?' } : {});
    expect(person.labels()).toEqual(['I agree', 'No, thank you']);
    const events = person.press(0);
    expect(events.map((event) => event.kind)).toContain('consented');
    expect(events.find((event) => event.kind === 'ended')).toMatchObject({ flow: 'welcome' });
  }
});

test('the dates and the privacy words come before the question of consent', () => {
  for (const goto of ['timeline', 'privacy'] as const) {
    const person = talker('en', false);
    const events = person.begin('welcome', { goto });
    expect(events.find((event) => event.kind === 'shown')).toMatchObject({ what: goto });
    expect(person.labels()).toEqual(['I agree', 'No, thank you']);
    person.press(0);
    expect(person.labels()).toContain('Share an idea');
  }
});

test('words and files given before consenting are recorded with the press that agrees, without another question', () => {
  for (const goto of [null, 'idea']) {
    const person = talker('es', false);
    if (goto) person.begin('idea');
    person.say(IDEA);
    person.send(PHOTO);
    person.press(0);
    expect(person.contributed().map(({ contribution }) => [contribution.text, contribution.attachments])).toEqual([
      [IDEA, [PHOTO]],
    ]);
    expect(person.open()).toBe(false);
  }
});

test('a voice message before consenting is recorded in the same way, on the way to an idea too', () => {
  for (const goto of [null, 'idea']) {
    const person = talker('fr', false);
    if (goto) person.begin('idea');
    person.send(VOICE);
    person.press(0);
    expect(person.contributed()[0]?.contribution).toMatchObject({ text: '', attachments: [VOICE] });
  }
});

test('who declines is told what is still open to them, and nothing is kept', () => {
  const person = talker('fr', false);
  person.say(IDEA);
  person.press(1);
  expect(person.said()).toContain('/timeline');
  expect(person.contributed()).toEqual([]);
  expect(person.open()).toBe(false);
});

test('who has consented is greeted shortly, with the menu', () => {
  const person = talker('en');
  const said = person.command('start').flatMap((event) => (event.kind === 'said' ? [plainText(event.message)] : []));
  expect(said).toEqual(['Good to see you again!', 'Just write your idea here, or press a button.']);
  expect(person.labels()).toHaveLength(8);
});

test('words out of nowhere are recorded at once, in any script', () => {
  for (const words of [IDEA, '希望公开所有政府采购合同', 'ต้องการให้มีรถเมล์มากขึ้น']) {
    const person = talker('en');
    person.say(words);
    expect(person.contributed().map(({ contribution }) => contribution.text)).toEqual([words]);
  }
});

test.each(['Some trees', '路灯', 'แสงไฟ'])('%s may be talk: one short question, two buttons', (words) => {
  const idea = talker('en');
  idea.say(words);
  expect([idea.said(), idea.labels()]).toEqual([
    'Is this an idea for the plan?',
    ['Yes, it is an idea', 'No, just chatting'],
  ]);
  idea.press(0);
  expect(idea.contributed()[0]?.contribution.text).toBe(words);
  const talk = talker('en');
  talk.say(words);
  talk.press(1);
  expect([talk.contributed(), talk.open()]).toEqual([[], false]);
});

test('an idea that follows a few words is recorded with them', () => {
  const person = talker('en');
  person.say('路灯');
  person.say('希望公开所有政府采购合同');
  expect(person.contributed()[0]?.contribution.text).toBe('路灯\n\n希望公开所有政府采购合同');
});

test('what somebody else has passed on waits for its author’s yes', () => {
  const person = talker('en');
  person.begin('loose', { said: IDEA, files: null, suggested: 'yes' });
  expect(person.contributed()).toEqual([]);
  person.press(0);
  expect(person.contributed()[0]?.contribution.text).toBe(IDEA);
});

test('what is said to a response begins a thread about it; that it is clear is kept at once', () => {
  const kinds = { question: 'question', disagree: 'disagreement', misunderstood: 'misunderstanding' };
  for (const [reply, kind] of Object.entries(kinds)) {
    const person = talker('en');
    person.begin('respond', { response_id: 'r1', reply });
    person.say('Why so late?');
    const opened = person.events.filter((event) => event.kind === 'thread_opened');
    expect(opened).toMatchObject([{ thread: { kind, response: 'r1', text: 'Why so late?' } }]);
    expect(opened[0]?.receipt).toContain('{day}');
    expect(person.open()).toBe(false);
  }
  const clear = talker('en');
  clear.begin('respond', { response_id: 'r1', reply: 'clear' });
  expect(clear.events).toContainEqual({ kind: 'accepted', response: 'r1' });
});

test('words that answer a response without a button are asked about, and go where the press says', () => {
  const person = talker('en');
  person.begin('respond', { response_id: 'r1', said: 'But that is not fair' });
  person.press(0);
  expect(person.events.filter((event) => event.kind === 'thread_opened')).toMatchObject([
    { thread: { kind: 'disagreement', response: 'r1', text: 'But that is not fair' } },
  ]);
});

test('what somebody wants to ask a person goes to the organizers at once, whether they have agreed or not', () => {
  const person = talker('en', false);
  person.begin('ask', { said: 'Who reads this?' });
  expect(person.events.filter((event) => event.kind === 'thread_opened')).toMatchObject([
    { thread: { kind: 'question', response: null, text: 'Who reads this?' } },
  ]);
});

test('flows that need something given say so when it is missing', () => {
  for (const name of ['question', 'respond']) {
    const person = talker('en');
    person.begin(name);
    expect(person.open()).toBe(false);
    expect(person.said()).toMatch(/\/idea|\/mine/);
  }
  const person = talker('en');
  person.begin('loose');
  expect(person.said()).toContain('What should change?');
});
