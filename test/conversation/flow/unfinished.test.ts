import { expect, test } from 'vitest';
import { openFlowRegistry } from '../../../src/conversation/flow/source/load.ts';
import { textFor } from '../../../src/core/texts.ts';
import { only, read, type Talk, talk } from '../../support/talk.ts';

const registry = await openFlowRegistry('flows');
const phrase = (key: string): string => textFor(registry.messages.texts[key] ?? key, 'en');
const begins = (person: Talk, flow: string, answers: Record<string, string>) =>
  person.take({ kind: 'begin', flow, answers });
const DECIDES = { reference: 'HB-1', decision: 'inclusion', before: 'A bench' };

test('a decision that a member gives element by element waits while they do something else', () => {
  const member = talk(registry);
  begins(member, 'decide', DECIDES);
  member.says('We read it as a wish for benches.');
  member.commands('idea');
  const said = read(member.says('Trees along the whole street'));
  expect(said).toContain(phrase('unfinished_ask'));
  expect(said).toContain('2 of 5');
  member.presses(phrase('leave_no'));
  expect(member.session()?.answers).toMatchObject({ ...DECIDES, input: 'We read it as a wish for benches.' });
});

test('a detail that nobody went on with takes nothing that is said later, and is offered after that', () => {
  const person = talk(registry);
  begins(person, 'add', { reference: 'HB-1', what: 'details' });
  person.waits(2 * 3_600_000);
  const said = read(person.says('Trees along the whole street'));
  expect(only(person.events, 'contributed')).toMatchObject([
    { contribution: { text: 'Trees along the whole street' } },
  ]);
  expect(said).toContain('HB-1: Which problem would this solve?');
  expect(read(person.says('A bench at the school gate'))).not.toContain(phrase('unfinished_ask'));
  expect(read(person.commands('back'))).toContain('Which problem would this solve?');
});

test('the same begun twice is offered once, and one thing after the other', () => {
  const person = talk(registry);
  begins(person, 'add', { reference: 'HB-1', what: 'details' });
  begins(person, 'add', { reference: 'HB-2', what: 'details' });
  begins(person, 'add', { reference: 'HB-1', what: 'details' });
  expect(read(person.commands('cancel'))).toContain('HB-2: Which problem');
  expect(read(person.presses(phrase('leave_yes')))).not.toContain('Which problem');
  expect(read(person.commands('back'))).toBe(phrase('nothing_open'));
});

test('what was left longer than a month ago is not offered any more', () => {
  const person = talk(registry);
  begins(person, 'add', { reference: 'HB-1', what: 'details' });
  person.waits(31 * 86_400_000);
  expect(read(person.says('Trees along the whole street'))).not.toContain('Which problem');
});

test('a comment that waits goes for the record as it is when the process is over', () => {
  const person = talk(registry);
  person.commands('comment', '12');
  person.commands('idea');
  person.world.process.closed = true;
  person.commands('help');
  expect(only(person.events, 'contributed')).toMatchObject([{ contribution: { kind: 'comment', text: '12' } }]);
});
