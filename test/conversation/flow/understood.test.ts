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
  test.each(['Yes I agree', 'ok', 'vale', "d'accord", 'sí, de acuerdo', '👍🏽', '同意', 'نعم موافق', 'ตกลงค่ะ'])(
    'gives it by writing "%s"',
    (words) => {
      const person = talk(shipped, { consented: false });
      person.commands('start');
      expect(only(person.says(words), 'consented')).toMatchObject([{ words }]);
    },
  );

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
