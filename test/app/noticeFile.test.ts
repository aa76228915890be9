import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDraft, readNoticeFile } from '../../src/app/noticeFile.ts';
import { Mistake } from '../../src/domain/errors.ts';

const targets = { flows: ['idea', 'timeline'], questions: ['waste'], events: ['opening'] };

const mistakes = (text: string): readonly string[] => {
  try {
    readNoticeFile(text, 'n.yaml', targets);
    return [];
  } catch (error) {
    if (error instanceof Mistake) return error.all;
    throw error;
  }
};

test('a notice file is read, with everybody for its audience when it names none', () => {
  const text = 'kind: announcement\ntexts: { en: Hello, es: Hola }\nbuttons:\n  - { label: More, flow: timeline }\n';
  expect(readNoticeFile(text, 'n.yaml', targets)).toEqual({
    kind: 'announcement',
    texts: { en: 'Hello', es: 'Hola' },
    audience: 'everyone',
    buttons: [{ label: 'More', flow: 'timeline' }],
  });
});

test('a button invites to an event, by a label of its own or with the three answers', () => {
  const buttons = [{ event: 'opening' }, { label: 'More about it', event: 'opening' }];
  const text = JSON.stringify({ kind: 'announcement', texts: 'Come', buttons });
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
  expect(mistakes(`kind: announcement\ntexts: Hello\nbuttons:\n${buttons}`)).toEqual([
    'n.yaml:4: buttons.0.flow no flow that a button can begin is called "idae". Is "idea" meant?',
    'n.yaml:6: buttons.1.question the process has no question "wsate". Is "waste" meant?',
    'n.yaml:7: buttons.2.flow no flow that a button can begin is called "open-data". There are: idea, timeline.',
    'n.yaml:8: buttons.3.event the process has no event "openin". Is "opening" meant?',
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
  const known = { ...targets, languages: ['en', 'es'], themes: ['health'], events: ['opening'] };
  const audience = (written: string) =>
    readNoticeFile(`kind: closure\ntexts: Bye\naudience:${written}`, 'n.yaml', known).audience;
  expect(audience(' language == "es" && !answered("waste")\n')).toEqual({
    all: [{ language: ['es'] }, { not: { answered: 'waste' } }],
  });
  const folded = ' >-\n  language == "es"\n  && (took_part || unseen_days < 30)\n';
  expect(audience(folded)).toMatchObject({ all: [{ language: ['es'] }, { any: [{ took_part: true }, {}] }] });
  expect(audience('\n  language: es\n  group: [cso, citizen]\n')).toEqual({
    all: [{ language: ['es'] }, { group: ['cso', 'citizen'] }],
  });
  expect(() => audience('\n  language: es\n  any:\n    - group: cso\n    - answered: wsate\n')).toThrow(
    'n.yaml:7: audience.any.1.answered: there is no question "wsate". Is "waste" meant?',
  );
  expect(() => audience(' contributed("helth") && attends("opening")\n')).toThrow(
    'n.yaml:3: audience: there is no theme "helth". Is "health" meant?',
  );
});

test('a draft that has been read is read again as the same', () => {
  const draft = readNoticeFile('kind: closure\ntexts: Bye\naudience: took_part && !heard_back', 'n.yaml', targets);
  expect(readDraft(draft)).toEqual(draft);
});
