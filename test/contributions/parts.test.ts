import { expect, test } from 'vitest';
import { fieldOf, followedBy, NO_WORDS, reworded, wordsOf } from '../../src/contributions/parts.ts';

const three = () =>
  ['One', 'Two 🚌', 'Three'].reduce((all, text, at) => followedBy(all, wordsOf(text, `m${at + 1}`)), NO_WORDS);

test('an edited message changes its own part of the words, whichever it is, and later edits still find theirs', () => {
  const once = reworded(three(), 'm2', 'Two and a half');
  expect(once?.text).toBe('One\n\nTwo and a half\n\nThree');
  const twice = once && reworded(once, 'm3', 'Four');
  expect(twice?.text).toBe('One\n\nTwo and a half\n\nFour');
  expect(twice && reworded(twice, 'm1', 'Zero')?.text).toBe('Zero\n\nTwo and a half\n\nFour');
});

test.each([
  ['m1', 'Two 🚌\n\nThree'],
  ['m2', 'One\n\nThree'],
  ['m3', 'One\n\nTwo 🚌'],
])('the part of %s that has lost its words goes without leaving a gap', (messageId, text) => {
  const left = reworded(three(), messageId, '  ');
  expect(left?.text).toBe(text);
  const last = messageId === 'm3' ? 'm2' : 'm3';
  expect(left && reworded(left, last, 'End')?.text).toBe(`${text.split('\n\n')[0]}\n\nEnd`);
});

test('the same words, and a message that holds none of them, change nothing', () => {
  expect(reworded(three(), 'm2', ' Two 🚌 ')).toBeNull();
  expect(reworded(three(), 'm9', 'New')).toBeNull();
  expect(reworded({ text: 'short', parts: [{ messageId: 'm1', at: 3, length: 9 }] }, 'm1', 'New')).toBeNull();
});

test('words that came by no message cannot be edited, and a field is found by its own', () => {
  const words = followedBy(wordsOf('From a form', null), wordsOf('and more', 'm2'), ' ');
  expect(words).toEqual({ text: 'From a form and more', parts: [{ messageId: 'm2', at: 12, length: 8 }] });
  expect(fieldOf([{ messageId: 'm4', at: 0, length: 3, field: 'problem' }], 'm4')).toBe('problem');
  expect(fieldOf(words.parts, 'm2')).toBeNull();
});
