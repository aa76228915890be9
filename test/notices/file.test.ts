import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { readDraft, readNoticeFile } from '../../src/notices/file.ts';
import { parseProcess } from '../../src/process/process.ts';

const process = parseProcess(
  `name: Plan
languages: [en, es]
timeZone: Europe/Madrid
themes: [{ value: health, label: Health }]
stages: [{ id: outreach, title: Outreach, opens: 2027-02-01, closes: 2027-03-14 }]
events: [{ id: opening, title: Opening, at: 2027-02-04T18:00 }]
questions: [{ id: waste, text: What is wasted? }]`,
  'p.yaml',
);
const dated = {
  ...process,
  questions: [{ id: 'waste', text: 'What is wasted?', closes: '2027-03-14' }],
  events: [...process.events, { id: 'off', title: 'Off', at: '2027-05-01', cancelled: true }],
};
const targets = { flows: ['idea', 'timeline'], process };

const mistakes = (text: string): readonly string[] => {
  try {
    readNoticeFile(text, 'n.yaml', targets);
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.all;
    throw error;
  }
};

test('a notice file is read, and says whom it goes to', () => {
  const text = 'kind: announcement\ntexts: { en: Hello, es: Hola }\nbuttons:\n  - { label: More, flow: timeline }\n';
  expect(mistakes(text)).toEqual([
    'n.yaml:1: audience: is missing: a notice says whom it goes to. Write everyone, or a condition such as language == "es" && !answered("trust").',
  ]);
  expect(mistakes(`${text}audience:\n`)).toHaveLength(1);
  expect(readNoticeFile(`${text}audience: everyone`, 'n.yaml', targets)).toEqual({
    kind: 'announcement',
    texts: { en: 'Hello', es: 'Hola' },
    audience: 'everyone',
    buttons: [{ label: 'More', flow: 'timeline' }],
    topic: null,
    attachment: null,
    schedule: null,
    until: null,
  });
});

test('what time has overtaken, or will have when it goes, is named at once by its line', () => {
  const told = (more: string, now = '2027-03-10T12:00Z') => {
    try {
      const text = `kind: question\naudience: everyone\ntexts: Hello\n${more}`;
      readNoticeFile(text, 'n.yaml', { ...targets, process: dated }, Date.parse(now));
      return [];
    } catch (error) {
      return (error as UserError).all;
    }
  };
  const asks = 'buttons: [{ label: A, question: waste }]\n';
  const invites = 'buttons: [{ event: opening }]\n';
  expect(told(asks)).toEqual([]);
  expect(told(asks, '2027-03-15T00:00Z')).toEqual([
    'n.yaml:4: buttons.1.question: the question "waste" closed on 2027-03-14, before this is sent: nobody could answer. Ask about another, or move its date with `npx hearback process apply FILE.yaml`.',
  ]);
  expect(told(`${asks}schedule: { at: 2027-03-20T09:00 }`)[0]).toContain('closed on 2027-03-14, before this is sent');
  expect(told('schedule: { at: 2027-03-10T09:00 }')).toEqual([
    'n.yaml:4: schedule: its moment, 2027-03-10T09:00 (Europe/Madrid), has passed. Write a moment to come, or leave schedule out and say --at when you schedule it.',
  ]);
  expect(told('schedule: { stage: outreach, edge: opens }')[0]).toContain(
    '2027-02-01T09:00 (Europe/Madrid), has passed',
  );
  expect(told('schedule: { every: day, time: "09:00", until: 2027-03-09 }')[0]).toContain('has no day left to come');
  expect(told('schedule: { event: off, edge: at }')[0]).toContain('a date that the process does not have now');
  expect(told('until: 2027-02-30')[0]).toContain('"2027-02-30" is not a date: February 2027 has 28 days, not 30');
  expect(told('until: soon')[0]).toContain('must be a date such as 2027-03-31');
  expect(told('until: 2027-03-09')[0]).toContain('ends at 2027-03-10T00:00, before it is sent');
  expect(told('until: 2027-03-12\nschedule: { at: 2027-03-13T09:00 }')[0]).toMatch(/^n\.yaml:4: until: ends at/);
  expect(told(invites)[0]).toContain('the event "opening" was on 2027-02-04T18:00');
  expect(told(invites, '2027-02-04T12:00Z')).toEqual([]);
  expect(told('buttons: [{ event: off }]')[0]).toContain('the event "off" is cancelled');
  // Other words for what has gone are taken whatever the time.
  expect(mistakes(`kind: closure\naudience: everyone\ntexts: Hello\nuntil: 2020-01-01`)).toEqual([]);
});

test('a notice has a topic, a picture, a time and an end of its own', () => {
  const rest = 'topic: health\nattachment: { file: plans/map.PNG }\nuntil: 2027-03-14\n';
  const schedule = 'schedule: { stage: outreach, edge: closes, days: -3, time: "09:00" }\n';
  expect(
    readNoticeFile(`kind: announcement\naudience: everyone\ntexts: Hello\n${rest}${schedule}`, 'n.yaml', targets),
  ).toMatchObject({
    topic: 'health',
    attachment: { name: 'map.PNG', mime: 'image/png', file: 'plans/map.PNG' },
    schedule: { stage: 'outreach', edge: 'closes', days: -3, time: '09:00' },
    until: new Date('2027-03-14T23:00:00Z'),
  });
  expect(readNoticeFile('kind: reminder\naudience: everyone\ntexts: Hello', 'n.yaml', targets).topic).toBe('reminders');
});

test('what would not arrive as it is written, or never, is refused by its line', () => {
  const told = (more: string) => mistakes(`kind: announcement\n${more}\naudience: everyone`);
  expect(told('texts: "\\u200b\\u2060"')[0]).toMatch(/^n\.yaml:2: texts: has nothing in it that can be seen/);
  expect(told(`texts:\n  en: Hello\n  es: ${'x'.repeat(10_001)}`)[0]).toMatch(
    /^n\.yaml:4: texts\.es: has 10001 characters/,
  );
  expect(told(`texts: A\nbuttons:\n  - label: ${'x'.repeat(65)}\n    flow: idea`)[0]).toMatch(
    /^n\.yaml:4: .*65 characters/,
  );
  expect(told('texts: A\naudiense: all')[0]).toMatch(
    /^n\.yaml:3: audiense: is not a key of a notice\. Did you mean "audience"\?/,
  );
  expect(mistakes('kind: advert\ntexts: A\naudience: everyone')[0]).toContain(
    'kind: must be one of announcement, question,',
  );
  expect(told('texts: A\ntopic: helth')[0]).toContain('Did you mean "health"?');
  const button = (label: string, url: string) => told(`texts: A\nbuttons:\n  - label: "${label}"\n    url: ${url}`)[0];
  expect(button('Plan', 'https://intranet/plan')).toMatch(
    /^n\.yaml:5: buttons\.1\.url: leads to "intranet", a name without/,
  );
  expect(button('Plan', 'city.example/plan')).toMatch(/^n\.yaml:5: buttons\.1\.url: must be an address/);
  expect(button('\\u2800\\u00ad', 'https://city.example')).toMatch(/^n\.yaml:4: .*label: has nothing in it/);
  expect(told('texts: A\nattachment: { url: https://intranet/plan.pdf }')[0]).toContain('leads to "intranet"');
  expect(told('texts: A\nattachment: { file: virus.exe }')[0]).toMatch(
    /^n\.yaml:3: .*"virus.exe" is not a kind of file/,
  );
  expect(told('texts: A\nattachment: { url: https://example.org/a.docx }')[0]).toContain('Give it as file');
  expect(told('texts: A\nschedule: { stage: outreech, edge: closes }')[0]).toMatch(
    /^n\.yaml:3: .*Did you mean "outreach"/,
  );
  expect(told('texts: A\nschedule: { every: week, on: mondy, time: "09:00" }')[0]).toMatch(/^n\.yaml:3: schedule\.on/);
});

test('the example that is shipped is a notice for the process that is shipped', async () => {
  const shipped = (name: string) => readFile(`flows/${name}`, 'utf8');
  const example = parseProcess(await shipped('example.process.yaml'), 'p.yaml');
  const draft = readNoticeFile(await shipped('example.notice.yaml'), 'n.yaml', { ...targets, process: example });
  expect(Object.keys(draft.texts)).toEqual(example.languages);
});

test('the file of something else is told in one line, with the command that takes it', async () => {
  const shipped = (name: string) => readFile(`flows/${name}`, 'utf8');
  expect(mistakes(await shipped('example.process.yaml'))).toEqual([
    'n.yaml: this is a process file, not a notice file: npx hearback process apply n.yaml takes it.',
  ]);
  const notice = await shipped('example.notice.yaml');
  expect(() => parseProcess(notice, 'p.yaml')).toThrow(
    /^p\.yaml: this is a notice file, not a process file: npx hearback notices create p\.yaml takes it\.$/,
  );
});

test('a button invites to an event, by a label of its own or with the three answers', () => {
  const buttons = [{ event: 'opening' }, { label: 'More about it', event: 'opening' }];
  const text = JSON.stringify({ kind: 'announcement', texts: 'Come', audience: 'everyone', buttons });
  expect(readNoticeFile(text, 'n.yaml', targets).buttons).toEqual(buttons);
});

test('every mistake is named with its line, all together', () => {
  const text = 'kind: advert\ntexts:\n  en: ""\naudience: age > 18\nbuttons:\n  - { label: More }\n';
  expect(mistakes(text).map((line) => /^n\.yaml:(\d+): (\w+)/.exec(line)?.slice(1))).toEqual([
    ['1', 'kind'],
    ['3', 'texts'],
    ['4', 'audience'],
    ['6', 'buttons'],
  ]);
});

test('a button that leads nowhere is refused by its line, with the name that is meant', () => {
  const buttons =
    '  - { label: A, flow: idae }\n  - label: B\n    question: wsate\n  - { label: C, flow: open-data }\n  - event: openin\n';
  expect(mistakes(`kind: announcement\ntexts: Hello\nbuttons:\n${buttons}audience: everyone`)).toEqual([
    'n.yaml:4: buttons.1.flow: no flow that a button can begin is called "idae". Did you mean "idea"?',
    'n.yaml:6: buttons.2.question: the process has no question "wsate". Did you mean "waste"?',
    'n.yaml:7: buttons.3.flow: no flow that a button can begin is called "open-data". There are: idea, timeline.',
    'n.yaml:8: buttons.4.event: the process has no event "openin". Did you mean "opening"?',
  ]);
});

test.each([
  ['nothing', '', 1],
  ['a list', '- a\n', 1],
  ['no YAML', 'kind: [a\ntexts: b', 2],
  ['a key twice', 'kind: announcement\nkind: closure\ntexts: a', 2],
])('a file that is %s is refused by its line', (_, text, line) => {
  expect(mistakes(text)[0]).toMatch(new RegExp(`^n\\.yaml:${line}: `));
});

test('whatever a file holds, it is a notice or a mistake', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void mistakes(text)));
});

test('an audience is read as its author writes it, and what is wrong in it has its line', () => {
  const audience = (written: string) =>
    readNoticeFile(`kind: closure\ntexts: Bye\naudience:${written}`, 'n.yaml', targets).audience;
  expect(audience(' language == "es" && !answered("waste")\n')).toBe('language == "es" && !answered("waste")');
  const folded = ' >-\n  language == "es"\n  && (took_part || unseen_days < 30)\n';
  expect(audience(folded)).toBe('language == "es" && (took_part || !(unseen_days >= 30))');
  expect(() => audience('\n  language: es\n  group: [cso, citizen]\n')).toThrow(
    'n.yaml:3: audience: has keys, which are not understood: it is one expression. Write everyone, or a condition such as language == "es" && !answered("trust").',
  );
  expect(() => audience(' contributed("helth") && attends("opening")\n')).toThrow(
    'n.yaml:3: audience: there is no theme "helth". Did you mean "health"?',
  );
});

test('a draft that has been read is read again as the same', () => {
  const draft = readNoticeFile('kind: closure\ntexts: Bye\naudience: took_part && !heard_back', 'n.yaml', targets);
  expect(readDraft(draft, 'UTC')).toEqual(draft);
});
