import { beforeAll, describe, expect, test } from 'vitest';
import { createFlowRegistry, type FlowRegistry, withOlder } from '../../../src/conversation/flow/flowRegistry.ts';
import { CEILINGS } from '../../../src/conversation/flow/run.ts';
import { parseFlow } from '../../../src/conversation/flow/source/load.ts';
import type { Flow } from '../../../src/conversation/flow/source/schema.ts';
import { textFor } from '../../../src/core/texts.ts';
import { longerFlows } from '../../support/longer.ts';
import { only, read, type Talk, THEMES, talk } from '../../support/talk.ts';

let registry: FlowRegistry;
beforeAll(async () => {
  registry = await longerFlows();
});

function flowOf(yaml: string): Flow {
  const { source, problems } = parseFlow(yaml, 'own.flow.yaml');
  if (!source) throw new Error(problems.map((problem) => problem.message).join('\n'));
  return source.flow;
}

const own = (yaml: string): FlowRegistry => createFlowRegistry([flowOf(yaml)], registry.messages);
const phrase = (key: string, language = 'en'): string => textFor(registry.messages.texts[key] ?? key, language);

/** An idea flow of fixed words, so that these sentences do not hang on the shipped ones. */
const IDEA = `
flow: idea
version: 1
languages: [en, es, fr]
draft: true
steps:
  - {id: idea, ask: text, text: {en: What should change?, es: ¿Qué debería cambiar?, fr: Que changer ?}}
  - {id: problem, ask: text, skip: true, text: {en: Which problem?, es: ¿Qué problema?, fr: Quel problème ?}}
  - {id: affected, ask: text, skip: true, text: {en: Who?, es: ¿Quién?, fr: Qui ?}}
  - {id: theme, ask: choice, choices: themes, skip: true, text: {en: Which theme?, es: ¿Qué tema?, fr: Quel thème ?}}
  - {id: send, contribute: idea, textOf: [idea], fields: [problem, affected], theme: theme}
`;
const FLOWS = ['comment', 'idea', 'loose', 'mine', 'privacy', 'question', 'respond', 'timeline', 'welcome'];

/** The shipped flows with that idea in place of theirs. */
function fixed(): FlowRegistry {
  const others = FLOWS.filter((flow) => flow !== 'idea').map((flow) => registry.get(flow));
  return createFlowRegistry([flowOf(IDEA), ...others.filter((flow) => flow !== undefined)], registry.messages);
}

/** An idea under way, its first question answered. */
function halfway(): Talk {
  const person = talk(fixed());
  person.commands('idea');
  person.says('Light the path to the school', 'm1');
  return person;
}

/** The words of a shipped question that take no values. */
function asked(flow: string, id: string): string {
  const found = registry.get(flow)?.steps.find((step) => step.id === id);
  return found && 'ask' in found ? textFor(found.text, 'en') : 'no such question';
}

/** The label of an option of a shipped flow. */
function label(flow: string, step: string, value: string, language: string): string {
  const found = registry.get(flow)?.steps.find((other) => other.id === step);
  const options = found && 'ask' in found && Array.isArray(found.choices) ? found.choices : [];
  return textFor(options.find((option) => option.value === value)?.label ?? '?', language);
}

describe('the welcome', () => {
  test('says what this is, asks for consent, and then offers the menu', () => {
    const person = talk(fixed(), { consented: false });
    expect(read(person.commands('start'))).not.toBe('');
    const events = person.presses(phrase('agree'));
    expect(only(events, 'consented')).toEqual([{ kind: 'consented', version: '2', words: 'I agree' }]);
    expect(person.labels()).toContain(label('welcome', 'menu', 'idea', 'en'));
  });

  test('takes a no for a no', () => {
    const person = talk(fixed(), { consented: false });
    person.commands('start');
    const events = person.presses(phrase('decline'));
    expect(only(events, 'declined')).toHaveLength(1);
    expect(person.person.consented).toBe(false);
    expect(person.session()).toBeNull();
  });

  test('comes first for who goes straight to the idea, and leads there', () => {
    const person = talk(fixed(), { consented: false });
    expect(read(person.commands('idea'))).toContain(asked('welcome', 'consent'));
    expect(read(person.presses(phrase('agree')))).toContain('What should change?');
  });

  test('keeps the words of who just writes, and asks about them after consent', () => {
    const person = talk(fixed(), { consented: false });
    person.says('The well in our village is dry');
    expect(read(person.presses(phrase('agree')))).toContain('The well in our village is dry');
    const events = person.sends(person.buttons()[0]?.data ?? '');
    expect(only(events, 'contributed')[0]?.contribution.text).toBe('The well in our village is dry');
  });
});

describe.each(['en', 'es', 'fr'])('in %s', (language) => {
  test('an idea goes from the first word to the receipt', () => {
    const person = talk(registry, { language });
    person.commands('idea');
    const told: Record<string, () => unknown> = {
      idea: () => person.says('Light the path to the school', 'm1'),
      problem: () => person.says('It is dark'),
      theme: () => person.presses(textFor(THEMES[1]?.label ?? '', language)),
      attribution: () => person.presses(label('idea', 'attribution', 'name', language)),
      name: () => person.says('Ana'),
    };
    const step = () => person.session()?.stack.at(-1)?.step ?? '';
    for (let turn = 0; step() !== 'confirm' && turn < 20; turn++)
      (told[step()] ?? (() => person.says(phrase('skip', language))))();
    const confirmation = read(person.events.slice(-1));
    expect(confirmation).toContain('Light the path to the school');
    expect(confirmation).toContain('Ana');
    const events = person.presses(label('idea', 'confirm', 'send', language));
    const [contributed] = only(events, 'contributed');
    expect(contributed?.contribution).toMatchObject({
      kind: 'idea',
      text: 'Light the path to the school',
      fields: { problem: 'It is dark', affected: null },
      theme: 'schools',
      attribution: 'name',
      attributionName: 'Ana',
    });
    expect(contributed?.receipt).toContain('{reference}');
    expect(contributed?.receipt).toContain('30 June 2027');
    expect(person.session()).toBeNull();
  });

  test.each(FLOWS)('the flow %s is played to its end without trouble', (flow) => {
    const person = talk(registry, { language, consented: flow !== 'welcome' });
    const answers = {
      question_text: 'Which road?',
      question_id: 'q1',
      said: 'A word',
      reply: 'question',
      response_id: 'r1',
    };
    person.take({ kind: 'begin', flow, answers: flow === 'welcome' ? {} : answers });
    for (let turn = 0; person.session() && turn < 30; turn++) reply(person);
    expect(person.session()).toBeNull();
    expect(only(person.events, 'failed')).toEqual([]);
    expect(only(person.events, 'ended').at(-1)?.how).toBe('completed');
  });
});

/** The first button of an open question, or words. */
function reply(person: Talk): void {
  const [frame] = person.session()?.stack.slice(-1) ?? [];
  const step = person.registry.get(frame?.flow ?? '')?.steps.find((other) => other.id === frame?.step);
  const pressed = step && 'ask' in step && !['text', 'media'].includes(step.ask);
  person.waits(60_000);
  if (pressed) person.sends(person.buttons()[0]?.data ?? '');
  else if (step && 'ask' in step && step.ask === 'media') person.says(phrase('skip'));
  else person.says('Some words of my own');
}

describe('a typed answer', () => {
  const colours = `
flow: colours
version: 1
languages: [en, fr]
steps:
  - id: colour
    ask: choice
    text: Which?
    choices:
      - {value: red, label: {en: Red, fr: Écarlate}}
      - {value: blue, label: {en: Blue, fr: Bleu}}
  - {id: send, contribute: idea, text: "{colour}", theme: colour}
`;
  test.each([
    ['2', 'blue'],
    ['ecarlate', 'red'],
    ['ÉCARLATE!', 'red'],
    ['  blue. ', 'blue'],
    ['Bleu', 'blue'],
  ])('%j counts as %s', (said, value) => {
    const person = talk(own(colours));
    person.commands('colours');
    expect(only(person.says(said), 'contributed')[0]?.contribution.theme).toBe(value);
  });

  test.each(['3', '0', 'green', '💧'])('%j is asked again, with the way to answer', (said) => {
    const person = talk(own(colours));
    person.commands('colours');
    expect(read(person.says(said))).toContain('1 to 2');
    expect(person.session()?.open?.tries).toBe(1);
  });
});

describe('a button', () => {
  const here = () => `${phrase('earlier_button')}\n\nWhat would you like to do?`;
  const welcomed = () => {
    const person = talk(fixed(), { consented: false });
    person.commands('start');
    person.presses(phrase('agree'));
    return person;
  };

  test.each(['', ':', 'o0', 'n1:o0', 'x'.repeat(64), '__proto__:o0'])(
    'that is forged (%j) changes nothing and gets a polite line',
    (data) => {
      const person = welcomed();
      // That the question stands in another message, below other words, is all that is kept.
      const state = () => {
        const session = person.session();
        return { ...session, turns: 0, open: { ...session?.open, words: undefined } };
      };
      const before = state();
      expect(read(person.sends(data))).toBe(here());
      expect(state()).toEqual(before);
    },
  );

  test.each(['o99', 'p1', 'd', 's', 'o-1', ''])(
    'with the right nonce and made-up rest (%j) changes nothing',
    (what) => {
      const person = welcomed();
      const before = person.session();
      expect(read(person.sends(`${before?.open?.nonce}:${what}`))).toBe(here());
      expect(person.session()?.stack).toEqual(before?.stack);
    },
  );

  test('of somebody else changes nothing', () => {
    const [mine, other] = [welcomed(), talk(fixed(), { consented: false }, 2)];
    other.commands('start');
    expect(read(mine.sends(other.buttons()[0]?.data ?? ''))).toBe(here());
    expect(other.session()?.stack.at(-1)).toMatchObject({ flow: 'welcome', step: 'consent' });
  });

  test('of two questions ago changes nothing, and what is open is asked again', () => {
    const person = talk(fixed(), { consented: false });
    person.commands('start');
    const [old] = person.buttons();
    person.presses(phrase('agree'));
    person.presses(label('welcome', 'menu', 'idea', 'en'));
    expect(read(person.sends(old?.data ?? ''))).toBe(`${phrase('earlier_button')}\n\nWhat should change?`);
  });

  test('with nothing open says what to do instead, and welcomes whoever has not agreed', () => {
    const person = welcomed();
    person.commands('cancel');
    expect(read(person.sends('n1:o0'))).toBe(phrase('used_button'));
    const newcomer = talk(fixed(), { consented: false });
    expect(read(newcomer.sends('n1:o0'))).toContain('Do you agree');
  });

  test('pressed again by somebody who saw no answer asks the open question once more', () => {
    const person = talk(fixed());
    person.commands('start');
    const [button] = person.buttons();
    const asked = read(person.sends(button?.data ?? ''));
    person.waits(30_000);
    const before = { ...person.session(), turns: 0, seenAt: 0 };
    expect(read(person.sends(button?.data ?? ''))).toBe(asked);
    expect({ ...person.session(), turns: 0, seenAt: 0 }).toEqual(before);
  });

  test('of a menu works at any time, and never costs a draft', () => {
    const person = welcomed();
    const [idea, dates] = person.buttons();
    person.commands('cancel');
    expect(read(person.sends(idea?.data ?? ''))).toContain('What should change?');
    person.says('Mend the bridge');
    const { answers } = person.session() ?? {};
    expect(person.sends(dates?.data ?? '').map(({ kind }) => kind)).toContain('shown');
    expect(person.session()?.answers).toEqual(answers);
    expect(read(person.sends('flow:comment'))).toContain(asked('comment', 'comment'));
    person.commands('cancel');
    person.presses(phrase('leave_no'));
    expect(person.session()?.answers).toEqual(answers);
  });

  test('pressed twice acts once, without a word the second time', () => {
    const person = talk(fixed());
    person.commands('start');
    const [button] = person.buttons();
    expect(read(person.sends(button?.data ?? ''))).toContain('What should change?');
    expect(person.sends(button?.data ?? '')).toEqual([]);
  });

  test('that sends, pressed twice, makes one contribution', () => {
    const person = talk(fixed());
    person.says('Mend the bridge');
    const [send] = person.buttons();
    person.sends(send?.data ?? '');
    person.sends(send?.data ?? '');
    expect(only(person.events, 'contributed')).toHaveLength(1);
  });

  test('carries at most 64 bytes', () => {
    const person = welcomed();
    for (const button of person.buttons()) expect(Buffer.byteLength(button.data)).toBeLessThanOrEqual(64);
  });
});

describe('a word that is also a command', () => {
  test.each(['stop the waste', 'Help the farmers', 'back to school', 'Arrêt de bus'])('%j stays an idea', (said) => {
    const person = talk(fixed());
    person.commands('idea');
    person.says(said);
    expect(person.session()?.answers.idea).toBe(said);
  });

  test.each(['stop', 'STOP', 'Arrêt', 'parar', ' parar. '])('%j alone stops', (said) => {
    const person = halfway();
    expect(only(person.says(said), 'stopped')).toHaveLength(1);
    expect(person.session()).toBeNull();
  });

  test('nobody who stopped hears a word until they start again', () => {
    const person = talk(fixed());
    person.commands('stop');
    expect([
      ...person.says('hello'),
      ...person.sends('x:y'),
      ...person.commands('help'),
      ...person.commands('idea'),
    ]).toEqual([]);
    const events = person.says('start');
    expect(only(events, 'restarted')).toHaveLength(1);
    expect(read(events)).not.toBe('');
    expect(person.labels()).toContain(label('welcome', 'menu', 'idea', 'en'));
  });
});

describe('leaving a half-given idea', () => {
  test('for something else keeps it, and offers it again after that', () => {
    const person = halfway();
    const events = person.commands('comment');
    expect(only(events, 'ended')).toEqual([{ kind: 'ended', flow: 'idea', how: 'left' }]);
    expect(read(events)).toContain(asked('comment', 'comment'));
    expect(read(person.says('The third one is good, but say who pays'))).toContain('Which problem');
    person.presses(phrase('leave_no'));
    person.says('It is dark');
    expect(person.session()?.answers).toMatchObject({ idea: 'Light the path to the school', problem: 'It is dark' });
  });

  test('for good drops it', () => {
    const person = halfway();
    person.commands('comment');
    person.commands('cancel');
    expect(read(person.presses(phrase('leave_yes')))).toContain(phrase('cancelled'));
    expect(read(person.commands('back'))).toBe(phrase('nothing_open'));
  });

  test('asks first, and no goes on at the open question', () => {
    const person = halfway();
    person.commands('cancel');
    expect(read(person.presses(phrase('leave_no')))).toContain('Which problem');
    person.says('It is dark');
    expect(person.session()?.answers).toMatchObject({ idea: 'Light the path to the school', problem: 'It is dark' });
  });

  test('by /cancel and yes ends it', () => {
    const person = halfway();
    person.commands('cancel');
    expect(read(person.says('leave it'))).toBe(phrase('cancelled'));
    expect(person.session()).toBeNull();
  });
});

describe('commands in the middle', () => {
  test('/language changes it and returns to the open question', () => {
    const person = halfway();
    person.commands('language');
    const events = person.presses('Español');
    expect(only(events, 'language')).toEqual([{ kind: 'language', language: 'es' }]);
    expect(read(events)).toContain('¿Qué problema?');
    person.says('Está oscuro');
    expect(person.session()?.answers.problem).toBe('Está oscuro');
  });

  test.each(['help', 'mine', 'dance'])(
    '/%s while a language is asked brings back a question whose buttons count',
    (name) => {
      const person = halfway();
      person.commands('language');
      person.commands(name);
      person.presses(phrase('skip'));
      expect(person.session()?.stack.at(-1)?.step).toBe('affected');
    },
  );

  test('/help while leaving is asked brings back a question whose buttons count', () => {
    const person = halfway();
    person.commands('cancel');
    person.commands('help');
    person.presses(phrase('skip'));
    expect(person.session()?.stack.at(-1)?.step).toBe('affected');
  });

  test('/back asks the question before again', () => {
    const person = halfway();
    expect(read(person.commands('back'))).toContain('What should change?');
    person.says('Light every path');
    expect(person.session()?.answers.idea).toBe('Light every path');
  });

  test('/back at the first question says so', () => {
    const person = talk(fixed());
    person.commands('idea');
    expect(read(person.commands('back'))).toContain(phrase('nothing_before'));
    expect(person.session()?.open).not.toBeNull();
  });

  test.each(['mine', 'privacy', 'timeline'])('/%s shows it and asks the open question again', (name) => {
    const person = halfway();
    const events = person.commands(name);
    expect(only(events, 'shown')).toEqual([{ kind: 'shown', what: name }]);
    expect(read(events)).toContain('Which problem');
    person.says('It is dark');
    expect(person.session()?.answers.problem).toBe('It is dark');
  });

  test('/help and an unknown command lose nothing', () => {
    const person = halfway();
    expect(read(person.commands('help'))).toContain('Which problem');
    expect(read(person.commands('dance'))).toContain('Which problem');
    expect(person.session()?.answers.idea).toBe('Light the path to the school');
  });

  test('skipping, pressed or typed in another language, goes on without an answer', () => {
    const person = halfway();
    person.presses(phrase('skip'));
    person.says('saltar');
    expect(person.session()?.stack.at(-1)?.step).toBe('theme');
    expect(person.session()?.answers).toEqual({ idea: 'Light the path to the school' });
  });

  test('days later the open question is still there', () => {
    const person = halfway();
    person.waits(9 * 86_400_000);
    person.says('It is dark');
    expect(person.session()?.answers.problem).toBe('It is dark');
  });
});

test('a long list pages there and back, and a button of any page counts', () => {
  const person = talk(fixed());
  person.world.process.themes = Array.from({ length: 20 }, (_, index) => ({
    value: `t${index + 1}`,
    label: `Theme ${index + 1}`,
  }));
  person.commands('idea');
  person.says('Mend the bridge');
  person.says('skip');
  person.says('skip');
  expect(person.labels()).toEqual([
    ...Array.from({ length: 8 }, (_, index) => `Theme ${index + 1}`),
    phrase('more'),
    phrase('skip'),
  ]);
  person.presses(phrase('more'));
  expect(person.labels()).toContain('Theme 9');
  person.presses(phrase('more'));
  expect(person.labels()).toEqual(['Theme 17', 'Theme 18', 'Theme 19', 'Theme 20', phrase('previous'), phrase('skip')]);
  person.presses(phrase('previous'));
  expect(only(person.presses('Theme 12'), 'contributed')[0]?.contribution.theme).toBe('t12');
});

describe('a question with a time-out', () => {
  const timed = `
flow: timed
version: 1
languages: [en]
steps:
  - {id: first, ask: text, text: First?, timeout: {after: PT1H, goto: late}}
  - {id: second, ask: text, text: Second?}
  - {id: finished, end: true}
  - {id: late, say: Too late.}
`;
  test('goes where the author said when its time is over', () => {
    const person = talk(own(timed));
    person.commands('timed');
    const nonce = person.session()?.open?.nonce ?? '';
    expect(person.take({ kind: 'timeout', nonce })).toEqual([]);
    person.waits(3_600_000);
    expect(read(person.take({ kind: 'timeout', nonce }))).toBe('Too late.');
  });

  test('that was answered meanwhile is left alone', () => {
    const person = talk(own(timed));
    person.commands('timed');
    const nonce = person.session()?.open?.nonce ?? '';
    person.says('Here');
    person.waits(7_200_000);
    expect(person.take({ kind: 'timeout', nonce })).toEqual([]);
    expect(person.session()?.stack.at(-1)?.step).toBe('second');
  });
});

describe('ceilings', () => {
  test('a flow that runs wild ends in a failed event and a plain line', () => {
    const person = talk(
      own(`
flow: wild
version: 1
languages: [en]
steps:
  - {id: one, set: {a: "1"}}
  - {id: two, jump: one}
`),
    );
    const events = person.commands('wild');
    expect(only(events, 'failed')[0]?.why).toContain(`${CEILINGS.stepsATurn} steps`);
    expect(read(events)).toBe(phrase('failed'));
    expect(person.session()).toBeNull();
  });

  test('flows that call each other without end are stopped', () => {
    const person = talk(own('{flow: deep, version: 1, languages: [en], steps: [{id: one, call: deep}]}'));
    expect(only(person.commands('deep'), 'failed')).toHaveLength(1);
  });

  test('a session without end is stopped, and the next one begins afresh', () => {
    const person = halfway();
    for (let turn = 0; turn <= CEILINGS.turnsASession && person.session(); turn++) person.sends('forged');
    expect(only(person.events, 'failed')[0]?.why).toContain('turns');
    expect(read(person.commands('idea'))).toContain('What should change?');
  });

  test('a text beyond every platform is refused in words', () => {
    const person = talk(fixed());
    person.commands('idea');
    expect(read(person.says('a'.repeat(20_001)))).not.toBe('');
    expect(person.session()?.answers.idea).toBeUndefined();
  });
});

describe('a conversation that nobody goes on with', () => {
  const DAY = 86_400_000;
  const flow = (draft: string) => `
flow: chat
version: 1
languages: [en]
expires: P2D
${draft}
steps:
  - { id: first, ask: text, text: "First?" }
  - { id: second, ask: text, text: "Second?" }
`;

  test('resumes at its question before its time, and is over after it', () => {
    const person = talk(own(flow('')));
    person.take({ kind: 'begin', flow: 'chat', answers: {} });
    person.waits(2 * DAY - 1);
    expect(read(person.says('one'))).toBe('Second?');
    person.waits(2 * DAY);
    expect(only(person.says('two'), 'ended')).toEqual([{ kind: 'ended', flow: 'chat', how: 'timed_out' }]);
  });

  test('is kept for any time when something has been half-given', () => {
    const person = talk(own(flow('draft: true')));
    person.take({ kind: 'begin', flow: 'chat', answers: {} });
    person.says('one');
    person.waits(400 * DAY);
    expect(only(person.says('two'), 'ended')).toEqual([{ kind: 'ended', flow: 'chat', how: 'completed' }]);
  });
});

describe('a new version of a flow', () => {
  const version = (number: number, words: string) =>
    flowOf(`
flow: asked
version: ${number}
languages: [en]
steps:
  - {id: first, ask: text, text: First?}
  - {id: second, ask: text, text: "${words}"}
`);
  test('is for those who begin; who is under way stays on theirs', () => {
    const person = talk(createFlowRegistry([version(1, 'Old?')], registry.messages));
    person.commands('asked');
    person.registry = withOlder(createFlowRegistry([version(2, 'New?')], registry.messages), [version(1, 'Old?')]);
    expect(read(person.says('a'))).toBe('Old?');
    person.says('b');
    person.commands('asked');
    expect(read(person.says('a'))).toBe('New?');
  });

  test('of which the old one is gone: what the person says is kept and asked about', () => {
    const person = talk(createFlowRegistry([version(1, 'Old?')], registry.messages));
    person.commands('asked');
    const loose = registry.get('loose');
    person.registry = createFlowRegistry([version(2, 'New?'), ...(loose ? [loose] : [])], registry.messages);
    expect(read(person.says('My whole idea'))).toContain('My whole idea');
  });
});
