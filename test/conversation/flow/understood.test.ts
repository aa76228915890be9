import { describe, expect, test } from 'vitest';
import { createFlowRegistry } from '../../../src/conversation/flow/flowRegistry.ts';
import { openFlowRegistry, parseFlow } from '../../../src/conversation/flow/source/load.ts';
import { only, talk } from '../../support/talk.ts';

const shipped = await openFlowRegistry('flows');

function own(steps: string) {
  const { source, problems } = parseFlow(`flow: own\nversion: 1\nlanguages: [en]\nsteps:\n${steps}`, 'own.flow.yaml');
  if (!source) throw new Error(problems.map(({ message }) => message).join('\n'));
  return talk(createFlowRegistry([source.flow], shipped.messages));
}

describe('whoever is asked for consent', () => {
  test.each([
    'Yes I agree',
    'ok',
    'vale',
    "d'accord",
    'sí, de acuerdo',
    '👍🏽',
    'sure why not',
    'Sure, why not!',
    'yeah go on then',
    'venga, dale',
    "bon d'accord allez",
    'na gut, ja',
    'dai va bene',
    'طيب لم لا',
    '当然可以',
    '同意',
    'نعم موافق',
    'ตกลงค่ะ',
  ])('gives it by writing "%s"', (words) => {
    const person = talk(shipped, { consented: false });
    person.commands('start');
    expect(only(person.says(words), 'consented')).toMatchObject([{ words }]);
  });

  test.each([
    'ok so',
    'ok and',
    'yes but',
    'why not?',
    'venga',
    'sí, si no publican mi nombre',
    'Right, my street is dark',
  ])('has not given it by writing "%s"', (words) => {
    const person = talk(shipped, { consented: false });
    person.commands('start');
    person.says(words);
    expect(only(person.events, 'consented')).toEqual([]);
  });

  test.each([
    ['sí, de acuerdo, y quiero más farolas en mi calle', 'sí, de acuerdo,', 'quiero más farolas en mi calle'],
    ['Yes I agree. The lamps in my street are broken', 'Yes I agree.', 'The lamps in my street are broken'],
    ['ok and please repair the lamps', 'ok', 'please repair the lamps'],
    ["Oui, d'accord et aussi il faut des bancs", "Oui, d'accord", 'il faut des bancs'],
    ['我同意，希望公园里有更多的厕所', '我同意，', '希望公园里有更多的厕所'],
  ])('gives it, and an idea, in one message: "%s"', (words, agreed, idea) => {
    const person = talk(shipped, { consented: false });
    person.commands('start');
    person.says(words);
    expect(only(person.events, 'consented')).toMatchObject([{ words: agreed }]);
    expect(only(person.events, 'contributed')).toMatchObject([{ contribution: { text: idea } }]);
  });

  test.each(['no', 'No, gracias', 'non merci', '不同意', '👎'])('declines it by writing "%s"', (words) => {
    const person = talk(shipped, { consented: false });
    person.commands('start');
    expect(only(person.says(words), 'declined')).toMatchObject([{ words }]);
  });
});

describe('a question that may be passed over', () => {
  const STEPS = `
  - { id: photo, ask: media, skip: true, text: "A photo?" }
  - { id: count, ask: number, skip: true, text: "How many?" }
  - { id: why, ask: text, skip: true, text: "Why?" }
  - { id: sure, ask: yesno, skip: true, text: "Sure?" }
  - { id: finished, end: true }
`;
  test('is passed over in the words of whoever has nothing to say', () => {
    const person = own(STEPS);
    person.take({ kind: 'begin', flow: 'own', answers: {} });
    person.says('no');
    person.says('ninguna');
    person.says('rien');
    expect(person.session()?.answers).toEqual({});
    expect(person.session()?.stack.at(-1)?.step).toBe('sure');
  });

  test('takes a no where no is an answer', () => {
    const person = own(STEPS);
    person.take({ kind: 'begin', flow: 'own', answers: { photo: null, count: 3, why: 'because' } });
    person.says('no, gracias');
    expect(only(person.events, 'ended')).toMatchObject([{ how: 'completed' }]);
  });
});
