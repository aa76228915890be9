import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Intent, intentOf, mentions } from '../../../src/conversation/flow/intents.ts';
import { verdictIn } from '../../../src/conversation/flow/meant.ts';
import { openFlowRegistry } from '../../../src/conversation/flow/source/load.ts';

const { intents } = await openFlowRegistry('flows');
const CLOSED: Intent[] = ['agree', 'decline', 'none', 'leave'];
const TALK: Intent[] = ['thanks', 'greeting', 'laughter', 'goodbye', 'leave'];

test.each([
  ['yes, send it', 'yes'],
  ['ok send it', 'yes'],
  ['Sí, adelante', 'yes'],
  ['oui, envoyez-la', 'yes'],
  ['I confirm', 'yes'],
  ['no, not like that', 'no'],
  ['No, así no', 'no'],
  ['non, pas comme ça !', 'no'],
  ['wait', 'no'],
  ['yes, but the second sentence is wrong', null],
  ['no new road through the park', null],
] as const)('what a member says to something of theirs that they are shown, "%s", is %s', (said, verdict) => {
  expect(verdictIn(intents, said)).toBe(verdict);
});

describe('an answer to a closed question', () => {
  test.each([
    ['Yes I agree', 'agree'],
    ['ok', 'agree'],
    ['OK!!', 'agree'],
    ['yesss', 'agree'],
    ['vale', 'agree'],
    ["d'accord", 'agree'],
    ['d’accord', 'agree'],
    ['sí, de acuerdo', 'agree'],
    ['Sí, por supuesto. Adelante', 'agree'],
    ['👍', 'agree'],
    ['👍🏾', 'agree'],
    ['ok 👍🏾👍🏾', 'agree'],
    ['好的，同意', 'agree'],
    ['نعم، أوافق', 'agree'],
    ['ตกลงครับ', 'agree'],
    ['no', 'decline'],
    ['No, thank you!', 'decline'],
    ['Non merci', 'decline'],
    ['不同意', 'decline'],
    ['none', 'none'],
    ['Ninguna', 'none'],
    ['rien', 'none'],
    ['je ne sais pas', 'none'],
    ['沒有', 'none'],
  ])('"%s" means %s', (words, intent) => expect(intentOf(intents, words, CLOSED)).toBe(intent));

  test.each([
    'yes, but only if the prices are published',
    'no more trucks in the village',
    'de acuerdo con la ley hay que publicar',
    'nothing is published about schools',
    '好的学校太少了',
    'please',
    '',
    '!?',
  ])('"%s" says more than that', (words) => expect(intentOf(intents, words, CLOSED)).toBeNull());
});

test.each([
  ['Stop please', 'leave'],
  ['por favor no más mensajes', 'leave'],
  ['stop 🛑', 'leave'],
  ['STOP STOP STOP', 'leave'],
  ['arrêtez de m’écrire svp', 'leave'],
  ['stop sending trucks through the village', null],
  ['gracias', 'thanks'],
  ['Muchas gracias!! 🙏🙏', 'thanks'],
  ['谢谢', 'thanks'],
  ['ขอบคุณค่ะ', 'thanks'],
  ['hola, buenos días', 'greeting'],
  ['你好', 'greeting'],
  ['السلام عليكم', 'greeting'],
  ['jajajajaja', 'laughter'],
  ['😂😂', 'laughter'],
  ['5555555', 'laughter'],
  ['thanks to the school we have a park', null],
  ['希望公开所有政府采购合同', null],
] as const)('said unasked, "%s" means %s', (words, intent) => expect(intentOf(intents, words, TALK)).toBe(intent));

test.each([
  ['when is the meeting', true],
  ['¿Quién lee esto?', true],
  ['est-ce qu’il y a une réunion', true],
  ['请问什么时候开会', true],
  ['whenever it rains the street is flooded', false],
  ['the school has no roof', false],
])('"%s" begins like a question: %s', (words, asks) =>
  expect(mentions(intents, words, 'asking', 'beginning')).toBe(asks),
);

test('a wish to talk to somebody is found in the middle of a sentence', () => {
  expect(mentions(intents, 'oiga, quiero hablar con una persona ya', 'person', 'anywhere')).toBe(true);
  expect(mentions(intents, '我想找真人谈谈', 'person', 'anywhere')).toBe(true);
  expect(mentions(intents, 'people should talk to each other', 'person', 'anywhere')).toBe(false);
});

test('any text whatever is compared without trouble', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (words) => {
      const intent = intentOf(intents, words, CLOSED);
      expect(intent === null || CLOSED.includes(intent)).toBe(true);
      expect(typeof mentions(intents, words, 'person', 'anywhere')).toBe('boolean');
    }),
  );
});
