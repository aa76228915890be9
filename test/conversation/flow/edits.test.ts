import { beforeAll, expect, test } from 'vitest';
import type { FlowRegistry } from '../../../src/conversation/flow/flowRegistry.ts';
import type { Attachment } from '../../../src/core/inbound.ts';
import { textFor } from '../../../src/core/texts.ts';
import { longerFlows } from '../../support/longer.ts';
import { read, type Talk, talk } from '../../support/talk.ts';

let registry: FlowRegistry;
beforeAll(async () => {
  registry = await longerFlows();
});

const phrase = (key: string, language = 'en'): string => textFor(registry.messages.texts[key] ?? key, language);
const photo = (unique: string, messageId: string): Attachment => ({
  ...{ kind: 'photo', ref: `ref of ${unique}`, mime: 'image/jpeg', name: null, size: 9 },
  ...{ unique, messageId },
});
const sends = (person: Talk, unique: string, messageId: string, caption = '') =>
  person.take({ kind: 'media', attachment: photo(unique, messageId), caption, messageId });
const edits = (person: Talk, messageId: string, text: string, attachment?: Attachment, tooLarge?: number) =>
  person.take({ kind: 'edited', messageId, text, ...(attachment && { attachment }), ...(tooLarge && { tooLarge }) });

function withIdea(): Talk {
  const person = talk(registry);
  person.commands('idea');
  return person;
}

test('an edit that changes no words of an answer is no news, and one that does changes it, whichever answer it is', () => {
  const person = withIdea();
  person.says('A bench by the river', '1');
  person.says('It is hot there', '2');
  expect(edits(person, '1', 'A bench by the river')).toEqual([]);
  expect(edits(person, '2', 'It is hot there ')).toEqual([]);
  expect(read(edits(person, '2', 'It is very hot there'))).toContain(phrase('edit_taken'));
  expect(person.session()?.answers).toMatchObject({ idea: 'A bench by the river', problem: 'It is very hot there' });
});

test('a message that is no part of anything is answered with that, also where nothing is open', () => {
  expect(read(edits(withIdea(), '9', 'Something else'))).toBe(phrase('edit_not_taken'));
  expect(read(edits(talk(registry), '9', 'Something else'))).toBe(phrase('edit_not_taken'));
});

test('each message of several that became one idea changes its own part of it, and is no news while it says the same', () => {
  const person = talk(registry);
  for (const [id, words] of ['A bench', 'and a tree', 'by the river'].entries()) person.says(words, String(id));
  for (const [id, words] of ['A bench', 'and a tree', 'by the river'].entries())
    expect(edits(person, String(id), words)).toEqual([]);
  expect(read(edits(person, '1', 'and two trees'))).toContain(phrase('edit_taken'));
  expect(person.session()?.answers.said).toBe('A bench\n\nand two trees\n\nby the river');
});

test('a photo put in the place of another takes its place in what waits to be sent', () => {
  const person = withIdea();
  sends(person, 'old', '1', 'The bridge');
  expect(edits(person, '1', 'The bridge', photo('old', '1'))).toEqual([]);
  expect(read(edits(person, '1', 'The bridge', photo('new', '1')))).toContain(phrase('edit_taken'));
  expect(person.session()?.answers).toMatchObject({ idea: 'The bridge', idea_file: photo('new', '1') });
  edits(person, '1', 'The old bridge', photo('newer', '1'));
  expect(person.session()?.answers).toMatchObject({ idea: 'The old bridge', idea_file: photo('newer', '1') });
});

test('a photo alone, or one of several, is replaced where it stands', () => {
  const alone = withIdea();
  sends(alone, 'old', '1');
  edits(alone, '1', '', photo('new', '1'));
  expect(alone.session()?.answers.idea).toEqual(photo('new', '1'));
  const several = talk(registry);
  for (const id of ['1', '2', '3']) sends(several, id, id);
  edits(several, '2', '', photo('new', '2'));
  expect(several.session()?.answers.files).toEqual([photo('1', '1'), photo('new', '2'), photo('3', '3')]);
});

test('a file too large to be fetched takes no place, and its sender learns that', () => {
  const person = withIdea();
  sends(person, 'old', '1');
  const told = phrase('file_too_large').replace('{max}', '20');
  expect(read(edits(person, '1', '', photo('new', '1'), 20 * 1024 * 1024))).toBe(told);
  expect(person.session()?.answers.idea).toEqual(photo('old', '1'));
});

test.each(['en', 'es', 'fr'])(
  'in %s a file too large to be fetched is refused, and the words beside it are taken',
  (language) => {
    const person = talk(registry, { language });
    person.commands('idea');
    const large = { kind: 'media' as const, attachment: photo('a', '1'), messageId: '1', tooLarge: 20 * 1024 * 1024 };
    const told = phrase('file_too_large', language).replace('{max}', '20');
    expect(read(person.take({ ...large, caption: '' }))).toBe(told);
    expect(person.session()?.answers).toEqual({});
    expect(read(person.take({ ...large, caption: 'The bridge' }))).toContain(told);
    expect(person.session()?.answers).toEqual({ idea: 'The bridge' });
  },
);
