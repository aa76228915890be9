import { beforeAll, describe, expect, test } from 'vitest';
import { createFlowRegistry, type FlowRegistry } from '../../../src/conversation/flow/flowRegistry.ts';
import { plain } from '../../../src/conversation/flow/plain.ts';
import { CEILINGS } from '../../../src/conversation/flow/run.ts';
import { parseFlow } from '../../../src/conversation/flow/source/load.ts';
import { textFor } from '../../../src/core/texts.ts';
import { longerFlows } from '../../support/longer.ts';
import { only, read, type Talk, talk } from '../../support/talk.ts';

let registry: FlowRegistry;
beforeAll(async () => {
  registry = await longerFlows();
});

const phrase = (key: string, language = 'en'): string => textFor(registry.messages.texts[key] ?? key, language);
const own = (...files: string[]): FlowRegistry => {
  const flows = files.map((yaml) => {
    const { source, problems } = parseFlow(yaml, 'own.flow.yaml');
    if (!source) throw new Error(problems.map((problem) => problem.message).join('\n'));
    return source.flow;
  });
  return createFlowRegistry(flows, registry.messages);
};
const photo = (name: string | null = null) => ({ kind: 'photo' as const, ref: 'p1', mime: null, name, size: null });
const step = (person: ReturnType<typeof talk>) => person.session()?.stack.at(-1)?.step;

describe('the words of a person', () => {
  test('that were the idea are what an edited message changes, whatever was said after them', () => {
    const person = talk(registry);
    person.commands('idea');
    person.says('Light the path', 'm1');
    person.says('It is dark', 'm2');
    person.says('Children', 'm3');
    for (const key of ['skip', 'skip']) person.presses(phrase(key));
    person.presses('No name');
    const [sent] = only(person.presses('Send'), 'contributed');
    expect(sent?.contribution.parts).toEqual([
      { messageId: 'm1', at: 0, length: 14 },
      { messageId: 'm2', at: 0, length: 10, field: 'problem' },
      { messageId: 'm3', at: 0, length: 8, field: 'affected' },
    ]);
  });

  test('written under a photo are the idea, and the photo goes with them', () => {
    const person = talk(registry);
    person.commands('idea');
    person.take({ kind: 'media', attachment: photo(), caption: 'This bridge is broken' });
    for (const key of ['skip', 'skip', 'skip', 'skip']) person.presses(phrase(key));
    person.presses('No name');
    const [sent] = only(person.presses('Send'), 'contributed');
    expect(sent?.contribution).toMatchObject({ text: 'This bridge is broken', attachments: [photo()] });
  });

  test('written under a file that was asked for are kept beside it', () => {
    const person = talk(registry);
    person.commands('idea');
    person.says('Mend the bridge');
    for (const key of ['skip', 'skip', 'skip']) person.presses(phrase(key));
    person.take({ kind: 'media', attachment: photo(), caption: 'seen from the north' });
    person.presses('No name');
    const [sent] = only(person.presses('Send'), 'contributed');
    expect(sent?.contribution.attachments).toEqual([photo()]);
    expect(sent?.contribution.fields).toMatchObject({ files_caption: 'seen from the north' });
  });

  test('count where a file does not, which is kept for afterwards, and the person is told so', () => {
    const person = talk(registry);
    person.commands('idea');
    person.says('Mend the bridge');
    const events = person.take({ kind: 'media', attachment: photo(), caption: 'It may fall' });
    expect(read(events)).toContain(phrase('file_for_later'));
    expect(person.session()?.answers.problem).toBe('It may fall');
  });

  test('beyond every length are refused whole, visibly, and nothing else changes', () => {
    const person = talk(registry);
    expect(only(person.says('a'.repeat(20_001)), 'failed')).toHaveLength(1);
    expect(person.session()).toBeNull();
    person.commands('idea');
    const before = person.session();
    const events = person.take({ kind: 'media', attachment: photo(), caption: 'b'.repeat(20_001) });
    expect(only(events, 'failed')).toHaveLength(1);
    expect(read(events)).toContain('20,000');
    expect(person.session()).toEqual({ ...before, turns: (before?.turns ?? 0) + 1 });
  });

  test('typed as consent are recorded as typed, and a plain yes is one', () => {
    const person = talk(registry, { consented: false, language: 'es' });
    person.commands('start');
    expect(only(person.says('Sí'), 'consented')[0]?.words).toBe('Sí');
  });
});

describe('a draft', () => {
  test('that was begun by a form is kept, though it is at its first question', () => {
    const person = talk(registry);
    person.take({ kind: 'form', form: 'idea', fields: { idea: 'Mend the bridge' } });
    expect(read(person.commands('start'))).toContain(phrase('unfinished_ask'));
    person.commands('back');
    expect(person.session()?.answers).toMatchObject({ idea: 'Mend the bridge' });
  });

  test('gone back to its first question still asks first', () => {
    const person = talk(registry);
    person.commands('idea');
    person.says('Mend the bridge');
    person.commands('back');
    expect(read(person.commands('cancel'))).toBe(phrase('leave_ask'));
  });

  test.each([
    ['yes', null],
    ['No', 'problem'],
    ['oui', null],
  ])('is left or not by a typed %j', (word, stays) => {
    const person = talk(registry);
    person.commands('idea');
    person.says('Mend the bridge');
    person.commands('cancel');
    person.says(word);
    expect(step(person) ?? null).toBe(stays);
  });
});

describe('a form sent while something is half-given in the chat', () => {
  const form = (idea: string) => ({ kind: 'form' as const, form: 'idea', fields: { idea, attribution: 'nobody' } });
  const half = () => {
    const person = talk(registry);
    person.commands('idea');
    person.says('A bench in the park');
    const said = read(person.take(form('Mend the bridge')));
    expect(said).toContain(phrase('kept_for_later'));
    expect(said).toContain('Which problem');
    return person;
  };
  const finish = (person: Talk) => {
    for (let skipped = 0; skipped < 4; skipped++) person.presses(phrase('skip'));
    person.presses('No name');
    person.presses('Send');
  };
  const ideas = (person: Talk) => only(person.events, 'contributed').map(({ contribution }) => contribution.text);

  test('waits until that is finished, and so does a second one', () => {
    const person = half();
    person.take(form('Clean the river'));
    finish(person);
    person.presses('Send');
    person.presses('Send');
    expect(ideas(person)).toEqual(['A bench in the park', 'Mend the bridge', 'Clean the river']);
  });

  test('waits as well when that is left after all', () => {
    const person = half();
    person.commands('cancel');
    expect(read(person.presses(phrase('leave_yes')))).toContain('Mend the bridge');
  });
});

describe('words that no question asks for', () => {
  test('before somebody has agreed wait, all of them, and a photo too', () => {
    const person = talk(registry, { consented: false });
    person.says('The roof');
    person.says('of our school leaks in three rooms');
    person.take({ kind: 'media', attachment: photo(), caption: '' });
    expect(read(person.presses('I agree'))).toContain('The roof\n\nof our school leaks in three rooms');
    person.presses('Yes, without a name');
    const [made] = only(person.events, 'contributed');
    expect(made?.contribution).toMatchObject({ text: expect.stringContaining('leaks'), attachments: [photo()] });
  });

  test('before somebody has agreed are the answer to what they came for', () => {
    const person = talk(registry, { consented: false });
    person.take({ kind: 'begin', flow: 'question', answers: { question_id: 'q', question_text: 'Why?' } });
    person.says('Because the bills are not shown');
    expect(read(person.presses('I agree'))).toContain('May we show a name');
    person.presses('No name');
    const [made] = only(person.events, 'contributed');
    expect(made?.contribution).toMatchObject({ text: 'Because the bills are not shown', question: 'q' });
  });

  test('are kept while a command or a button takes their place', () => {
    for (const leaves of [
      (person: Talk) => person.commands('idea'),
      (person: Talk) => person.commands('start'),
      (person: Talk) => person.take({ kind: 'begin', flow: 'idea', answers: {} }),
    ]) {
      const person = talk(registry);
      person.says('The bridge is broken in the middle');
      leaves(person);
      person.commands('cancel');
      expect(person.labels()).toContain(phrase('leave_no'));
      person.presses(phrase('leave_no'));
      expect(person.session()?.answers).toMatchObject({ said: 'The bridge is broken in the middle' });
    }
  });

  test('that come after an answer are added to it: the second half of a long message', () => {
    const person = talk(registry);
    person.take({ kind: 'begin', flow: 'question', answers: { question_id: 'q', question_text: 'Why?' } });
    person.says('First half of what I mean', '1');
    expect(read(person.says('and the second half of it', '2'))).toContain(phrase('added'));
    person.presses('No name');
    expect(only(person.events, 'contributed')[0]?.contribution).toMatchObject({
      text: 'First half of what I mean\n\nand the second half of it',
      parts: [
        { messageId: '1', at: 0, length: 25 },
        { messageId: '2', at: 27, length: 25 },
      ],
    });
  });
});

describe('an edited message', () => {
  const edits = (person: Talk, messageId: string, text: string) => person.take({ kind: 'edited', messageId, text });

  test('whose words wait to be sent changes them', () => {
    const person = talk(registry);
    person.commands('idea');
    person.says('A bench', '1');
    expect(read(edits(person, '1', 'Two benches'))).toBe(`${phrase('edit_taken')}\nWhich problem would this solve?`);
    expect(person.session()?.answers.idea).toBe('Two benches');
  });

  test('of which the words are not to be found is answered with that, whether something is open or not', () => {
    const person = talk(registry);
    expect(read(edits(person, '1', 'Two benches'))).toBe(phrase('edit_not_taken'));
    person.commands('idea');
    expect(read(edits(person, '1', 'Two benches'))).toBe(phrase('edit_not_taken'));
  });
});

describe('words after a command', () => {
  test('that takes none are words, also after /stop', () => {
    const person = talk(registry);
    person.commands('idea');
    person.commands('stop', 'sending trucks through the village');
    expect(person.person.status).toBe('active');
    expect(person.session()?.answers.idea).toBe('/stop sending trucks through the village');
  });

  test('that begins a flow are its first answer', () => {
    const person = talk(registry);
    expect(read(person.commands('idea', 'More buses on Sunday'))).toBe('Which problem would this solve?');
    expect(person.session()?.answers.idea).toBe('More buses on Sunday');
  });
});

describe('a form', () => {
  test('goes straight to the confirmation, past what could be skipped', () => {
    const person = talk(registry);
    const fields = { idea: 'Mend the bridge', theme: 'health', problem: ' ', attribution: 'nobody' };
    person.take({ kind: 'form', form: 'idea', fields });
    expect(step(person)).toBe('confirm');
    const [sent] = only(person.presses('Send'), 'contributed');
    expect(sent?.contribution).toMatchObject({ text: 'Mend the bridge', theme: 'health', attribution: 'nobody' });
  });

  test('is asked again for what is wrong or missing in it, and sets nothing the flow does not ask', () => {
    const person = talk(registry);
    const fields = { idea: 'Mend the bridge', attribution: 'emperor', question_id: 'q', goto: 'x', consented: 'true' };
    person.take({ kind: 'form', form: 'idea', fields });
    expect(step(person)).toBe('attribution');
    expect(Object.keys(person.session()?.answers ?? {})).toEqual(['idea']);
  });

  test('never stands for consent', () => {
    const person = talk(registry, { consented: false });
    person.take({ kind: 'form', form: 'idea', fields: { idea: 'Mend it', consent: 'agree', attribution: 'nobody' } });
    expect(step(person)).toBe('consent');
    person.take({ kind: 'begin', flow: 'welcome', answers: { consent: 'agree' } });
    expect(step(person)).toBe('consent');
  });

  test('waits for consent and is not lost', () => {
    const person = talk(registry, { consented: false });
    person.take({ kind: 'form', form: 'idea', fields: { idea: 'Mend the bridge', attribution: 'nobody' } });
    person.presses(phrase('agree'));
    expect(step(person)).toBe('confirm');
  });
});

describe('commands', () => {
  test('/stop counts even in a session that is worn out', () => {
    const person = talk(registry);
    person.commands('idea');
    person.stored = JSON.stringify({ ...person.session(), turns: CEILINGS.turnsASession + 1 });
    expect(only(person.commands('stop'), 'stopped')).toHaveLength(1);
  });

  test.each(['question', 'respond', 'loose'])('/%s begins nothing: only the application can', (name) => {
    const person = talk(registry);
    expect(read(person.commands(name))).toBe(phrase('unknown_command'));
    expect(person.session()).toBeNull();
    person.commands('start', name);
    expect(step(person)).toBe('menu');
  });

  test.each(['timeline', 'mine', 'privacy'])('/%s needs no consent: it keeps nothing', (name) => {
    const person = talk(registry, { consented: false });
    expect(only(person.commands(name), 'shown')).toEqual([{ kind: 'shown', what: name }]);
  });

  test.each([
    ['privacidad', 'privacy'],
    ['mes-envois', null],
    ['calendrier', 'timeline'],
  ])('the word %j alone', (word, shown) => {
    const person = talk(registry);
    expect(only(person.says(word), 'shown')[0]?.what ?? null).toBe(shown);
  });

  test('a word that is an offered answer is the answer', () => {
    const person = talk(
      own(`
flow: asked
version: 1
languages: [en]
steps:
  - {id: what, ask: choice, text: What?, choices: [{value: a, label: Help}, {value: b, label: Privacy}]}
  - {id: then, ask: text, text: Then?}
`),
    );
    person.commands('asked');
    person.says('privacy');
    expect(person.session()?.answers.what).toBe('b');
  });

  test('/back still works after /mine, and in a called flow and after it', () => {
    const person = talk(registry);
    person.commands('idea');
    person.says('Mend the bridge');
    person.commands('mine');
    expect(read(person.commands('back'))).toContain('What should change?');
    const caller = `
flow: caller
version: 1
languages: [en]
steps:
  - {id: a, ask: text, text: A?}
  - {id: c, call: callee}
  - {id: b, ask: text, text: B?}
`;
    const callee = `
flow: callee
version: 1
languages: [en]
steps:
  - {id: x, ask: text, text: X?}
`;
    const other = talk(own(caller, callee));
    other.commands('caller');
    other.says('one');
    expect(read(other.commands('back'))).toContain(phrase('nothing_before'));
    other.says('two');
    expect(read(other.commands('back'))).toBe('A?');
    expect(only(other.events, 'failed')).toEqual([]);
  });

  test('an aside that asks something comes back to the open question', () => {
    const mine = `
flow: mine
version: 1
languages: [en]
steps:
  - {id: which, ask: text, text: Which?}
`;
    const main = `
flow: main
version: 1
languages: [en]
steps:
  - {id: a, ask: text, text: A?}
`;
    const person = talk(own(main, mine));
    person.commands('main');
    person.commands('mine');
    expect(read(person.says('that one'))).toBe('A?');
    person.says('yes');
    expect(only(person.events, 'ended').map(({ flow }) => flow)).toEqual(['mine', 'main']);
  });
});

describe('several choices', () => {
  const several = () =>
    talk(
      own(`
flow: asked
version: 1
languages: [en]
steps:
  - {id: which, ask: choices, text: Which?, choices: [{value: a, label: Apples}, {value: b, label: Bread}]}
  - {id: then, ask: text, text: Then?}
`),
    );

  test('a button pressed twice picks once; pressed again when it shows as picked, it takes back', () => {
    const person = several();
    person.commands('asked');
    const [apples] = person.buttons();
    person.sends(apples?.data ?? '');
    person.sends(apples?.data ?? '');
    expect(person.session()?.open?.picked).toEqual(['a']);
    person.presses('✓ Apples');
    expect(person.session()?.open?.picked).toEqual([]);
  });

  test('are ended by the typed word too, in any language', () => {
    const person = several();
    person.commands('asked');
    person.says('2');
    person.says('eso es todo');
    expect(person.session()?.answers.which).toEqual(['b']);
  });
});

describe('numbers', () => {
  test.each([
    ['1,000', 1000],
    ['1.250.000', 1_250_000],
    ['12,5', 12.5],
    ['0.125', 0.125],
    ['-3', -3],
    ['1 000', 1000],
  ])('%j is %d', (said, value) => {
    const person = talk(
      own(`
flow: asked
version: 1
languages: [en]
steps:
  - {id: n, ask: number, text: How many?}
  - {id: then, ask: text, text: Then?}
`),
    );
    person.commands('asked');
    person.says(said);
    expect(person.session()?.answers.n).toBe(value);
  });
});

test('words are compared by their beginning: a long text of dots or commas is not searched from each of its places on, which would take hours', () => {
  for (const mark of ['.', ',', '. ']) expect(plain(`${mark.repeat(3_000_000)}x`)).toBe('');
});

test('a time that is over for a question that is gone is put away', () => {
  const person = talk(registry);
  person.commands('idea');
  const session = { ...person.session(), timeoutAt: 1 };
  person.stored = JSON.stringify(session);
  person.take({ kind: 'timeout', nonce: session.open?.nonce ?? '' });
  expect(person.session()?.timeoutAt).toBeNull();
  expect(step(person)).toBe('idea');
});
