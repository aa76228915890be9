import { describe, expect, test } from 'vitest';
import { createFlowRegistry } from '../../../src/conversation/flow/flowRegistry.ts';
import { textFor } from '../../../src/core/texts.ts';
import { longerFlows } from '../../support/longer.ts';
import { only, read, type Talk, talk } from '../../support/talk.ts';

const registry = await longerFlows();
const withoutWelcome = createFlowRegistry(
  registry.flows.filter(({ flow }) => flow !== 'welcome'),
  registry.messages,
);
const phrase = (key: string): string => textFor(registry.messages.texts[key] ?? key, 'en');
const closed = (person: Talk) => Object.assign(person.world.process, { closed: true });
/** The next process is open, before anybody has gone on. */
const opened = (person: Talk) => Object.assign(person.world.process, { id: 2, closed: false, name: 'Next Plan' });
const QUESTION = { question_id: 'trust', question_text: 'What would make you trust it more?' };

describe('whoever is in the middle of something when the process ends', () => {
  test('is told, and what they gave goes for its record as it is', () => {
    const person = talk(registry);
    person.commands('idea');
    person.says('A bench in every park');
    closed(person);
    const events = person.says('and a tree');
    expect(only(events, 'contributed')).toMatchObject([
      { contribution: { text: 'A bench in every park', process: 1, fields: { problem: 'and a tree' } } },
    ]);
    expect(only(events, 'contributed')[0]?.receipt).toContain('I ask nothing more');
    expect(only(events, 'ended')).toMatchObject([{ flow: 'idea', how: 'closed' }]);
    expect(person.session()).toBeNull();
  });

  test('and has given nothing yet is told that the question is closed', () => {
    const person = talk(registry);
    person.commands('idea');
    opened(person);
    person.waits(7 * 86_400_000);
    expect(read(person.take({ kind: 'timeout', nonce: person.session()?.open?.nonce ?? '' }))).toContain(
      phrase('process_over'),
    );
    expect(only(person.events, 'contributed')).toEqual([]);
  });

  test('has what they filled in elsewhere recorded as well', () => {
    const person = talk(registry);
    person.commands('idea');
    person.says('A bench in every park');
    person.take({ kind: 'form', form: 'idea', fields: { idea: 'Buses on Sundays' } });
    opened(person);
    const events = person.says('go on');
    expect(only(events, 'contributed').map(({ contribution: { text, process } }) => [text, process])).toEqual([
      ['A bench in every park', 1],
      ['Buses on Sundays', 1],
    ]);
  });

  test('goes on in the next one with what is of none', () => {
    const person = talk(registry);
    person.commands('topics');
    opened(person);
    expect(only(person.presses(person.labels()[0] ?? ''), 'ended')).not.toMatchObject([{ how: 'closed' }]);
    expect(read(person.events)).not.toContain(phrase('process_over'));
  });
});

describe('whoever begins after the end', () => {
  test('is told that they will hear of the next one', () => {
    const person = talk(registry);
    closed(person);
    expect(read(person.commands('idea'))).toBe(
      'Open Plan has ended, and takes nothing new. When the next process begins, you will hear of it here.',
    );
    expect(person.session()).toBeNull();
  });

  test('and has not agreed to hear of anything is promised nothing', () => {
    // Without a welcome nobody is asked whether they agree before they are asked what they think.
    const person = talk(withoutWelcome, { consented: false });
    closed(person);
    expect(read(person.commands('idea'))).toBe(
      'Open Plan has ended, and takes nothing new. I write only to those who have agreed to take part: come back when the next process begins.',
    );
  });
});

describe('a question that is reached by way of consent', () => {
  const onTheWay = () => {
    const person = talk(registry, { consented: false });
    person.take({ kind: 'begin', flow: 'question', answers: QUESTION });
    return person;
  };

  test('is asked after it while its process is open', () => {
    const person = onTheWay();
    person.presses(person.labels()[0] ?? '');
    expect(read(person.events)).toContain(QUESTION.question_text);
  });

  test('stays with the process that it is of, and is not asked of the next one', () => {
    const person = onTheWay();
    opened(person);
    const events = person.presses(person.labels()[0] ?? '');
    expect(only(events, 'consented')).toHaveLength(1);
    expect(read(events)).not.toContain(QUESTION.question_text);
    expect(read(events)).toContain(phrase('process_over'));
  });
});
