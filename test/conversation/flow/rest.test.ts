import { beforeAll, describe, expect, test } from 'vitest';
import type { FlowRegistry } from '../../../src/conversation/flow/flowRegistry.ts';
import { textFor } from '../../../src/core/texts.ts';
import { longerFlows } from '../../support/longer.ts';
import { only, read, type Talk, talk } from '../../support/talk.ts';

let registry: FlowRegistry;
beforeAll(async () => {
  registry = await longerFlows();
});

const phrase = (key: string): string => textFor(registry.messages.texts[key] ?? key, 'en');
const step = (person: Talk) => person.session()?.stack.at(-1)?.step;
const answers = (person: Talk) => person.session()?.answers;
const SECOND = 1000;

/** What an app makes of a text of 9,000 characters, with the cuts between words. */
const WORDS = Array.from({ length: 1500 }, (_, index) => `w${String(index).padStart(4, '0')}`);
const pieces = [WORDS.slice(0, 680), WORDS.slice(680, 1360), WORDS.slice(1360)].map((words) => words.join(' '));
const piece = (person: Talk, index: number, messageId = `${index}`) =>
  person.take({ kind: 'text', text: pieces[index] ?? '', messageId, ...(index < 2 && { cut: true as const }) });

describe('a text that the app sent as several messages', () => {
  test('is one answer to the question that was open, and the next question stays open', () => {
    const person = talk(registry);
    person.commands('idea');
    expect(read(piece(person, 0))).toBe('Which problem would this solve?');
    person.waits(SECOND);
    expect(piece(person, 1)).toEqual([]);
    person.waits(2 * SECOND);
    expect(piece(person, 2)).toEqual([]);
    expect(answers(person)?.idea).toBe(WORDS.join(' '));
    expect(step(person)).toBe('problem');
    person.waits(2 * SECOND);
    person.says('Nobody knows who is paid');
    expect(answers(person)).toMatchObject({ idea: WORDS.join(' '), problem: 'Nobody knows who is paid' });
  });

  test('where nothing was open is asked about as a whole', () => {
    const person = talk(registry);
    piece(person, 0);
    piece(person, 1);
    expect(read(piece(person, 2))).toContain(WORDS.join(' '));
    expect(only(person.presses('Yes, without a name'), 'contributed')).toMatchObject([
      { contribution: { text: WORDS.join(' ') } },
    ]);
  });

  test('before consent waits as a whole', () => {
    const person = talk(registry, { consented: false });
    piece(person, 0);
    expect(piece(person, 1)).toEqual([]);
    expect(piece(person, 2)).toEqual([]);
    expect(read(person.presses(phrase('agree')))).toContain(WORDS.join(' '));
  });

  test('at the confirmation, which shows it, is shown as a whole', () => {
    const person = talk(registry);
    person.take({ kind: 'begin', flow: 'idea', answers: {} });
    person.says('A bench');
    for (const label of ['Skip', 'Skip', 'Skip', 'Skip', 'No name', 'Change something', 'The idea'])
      person.presses(label);
    piece(person, 0);
    expect(read(piece(person, 1))).toContain(pieces[1]);
    expect(step(person)).toBe('confirm');
  });

  test('is joined as it was: in the middle of a word where it was full, with a blank line between paragraphs', () => {
    const joined = (first: string) => {
      const person = talk(registry);
      person.commands('idea');
      person.take({ kind: 'text', text: first, messageId: '1', cut: true });
      person.says('rest');
      return String(answers(person)?.idea).slice(-8);
    };
    expect(joined('x'.repeat(4096))).toBe('xxxxrest');
    expect(joined(`${'x'.repeat(4000)} y`)).toBe('x y rest');
    expect(joined(`${'x'.repeat(4000)}.`)).toBe('x.\n\nrest');
  });

  test('does not swallow what comes later, what a button says, or a command', () => {
    const person = talk(registry);
    person.commands('idea');
    piece(person, 0);
    person.says('skip');
    expect(step(person)).toBe('affected');
    person.waits(6 * SECOND);
    person.says('Everybody');
    expect(answers(person)).toMatchObject({ idea: pieces[0], affected: 'Everybody' });
  });

  test('takes an edit of one of its pieces for that piece', () => {
    const person = talk(registry);
    person.commands('idea');
    piece(person, 0, '7');
    piece(person, 1, '8');
    person.take({ kind: 'edited', messageId: '7', text: 'Something else' });
    expect(answers(person)?.idea).toBe(['Something else', pieces[1]].join(' '));
  });
});

describe('the same words sent twice', () => {
  test('are one answer', () => {
    const person = talk(registry);
    person.commands('idea');
    person.says('A bench', '1');
    person.waits(SECOND);
    expect(person.says('A bench', '2')).toEqual([]);
    expect(answers(person)).toEqual({ idea: 'A bench' });
    expect(step(person)).toBe('problem');
  });

  test('are one idea where nothing was open, and after it was recorded none at all', () => {
    const person = talk(registry);
    person.says('A bench by the river');
    expect(person.says('A bench by the river')).toEqual([]);
    expect(answers(person)?.said).toBe('A bench by the river');
    const replying = talk(registry);
    replying.take({ kind: 'begin', flow: 'respond', answers: { response_id: 'r', reply: 'question' } });
    expect(only(replying.says('Which park do you mean?'), 'thread_opened')).toHaveLength(1);
    expect(replying.says('Which park do you mean?')).toEqual([]);
    expect(replying.session()).toBeNull();
  });

  test('are one answer however late the second is taken in, when it was sent before the first was answered', () => {
    const person = talk(registry);
    person.commands('idea');
    const sent = person.world.now;
    person.waits(120 * SECOND);
    person.world.saidAt = sent;
    person.says('A bench');
    person.world.saidAt = sent + 90 * SECOND;
    person.waits(2 * SECOND);
    expect(person.says('A bench')).toEqual([]);
    person.world.saidAt = sent + 130 * SECOND;
    person.says('A bench');
    expect(answers(person)).toMatchObject({ idea: 'A bench', problem: 'A bench' });
  });

  test('are two answers to two questions, when there was time to read the second', () => {
    const person = talk(registry);
    person.commands('idea');
    person.says('Everybody in my street');
    person.waits(5 * SECOND);
    person.says('Everybody in my street');
    expect(answers(person)).toEqual({ idea: 'Everybody in my street', problem: 'Everybody in my street' });
  });

  test('are corrected twice where they were not an answer, and skip twice what can be skipped', () => {
    const person = talk(registry);
    person.commands('idea');
    expect(read(person.says('A'))).toBe(read(person.says('A')));
    person.says('A bench');
    person.says('skip');
    person.says('skip');
    expect(step(person)).toBe('theme');
  });
});
