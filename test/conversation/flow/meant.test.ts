import { describe, expect, test } from 'vitest';
import { comingIn } from '../../../src/conversation/flow/coming.ts';
import { choiceOf, type Option } from '../../../src/conversation/flow/meant.ts';
import { openFlowRegistry } from '../../../src/conversation/flow/source/load.ts';

const { intents } = await openFlowRegistry('flows');
const ADD: Option[] = [
  { intents: ['agree'], phrases: ['Yes, add it', 'Sí, añadirlo'] },
  { intents: ['decline'], phrases: ['No, a new idea', 'No, otra idea'] },
];
const REPLY: Option[] = [
  { intents: ['disagrees'], phrases: ['I disagree', 'No estoy de acuerdo'] },
  { intents: [], phrases: ['A question', 'Una pregunta'] },
  { intents: ['thanks'], phrases: ['Clear, thank you', 'está claro'] },
];
const ERASE: Option[] = [
  { intents: [], phrases: ['Borrar mis palabras', 'lo borren todo', 'mis palabras también'] },
  { intents: ['decline'], phrases: ['No, no borrar nada'] },
];

describe('words choose one of the answers that a question offers', () => {
  test.each([
    ['sí, por favor', ADD, 0],
    ['sí, todo', ADD, 0],
    ['oui merci', ADD, 0],
    ['是的', ADD, 0],
    ['对', ADD, 0],
    ['نعم', ADD, 0],
    ['no, gracias', ADD, 1],
    ['不', ADD, 1],
    ['لا', ADD, 1],
    ['que no estoy de acuerdo le digo', REPLY, 0],
    ['我不同意', REPLY, 0],
    ['una pregunta, por favor', REPLY, 1],
    ['muchas gracias', REPLY, 2],
    ['pues que lo borren todo, mis palabras tambien', ERASE, 0],
  ])('"%s"', (words, options, index) => expect(choiceOf(intents, words, options, 'near')).toBe(index));

  test.each([
    ['sí pero no', ADD],
    ['no sé si añadirlo', ADD],
    ['estoy de acuerdo con el alcalde y con todos los vecinos', REPLY],
    ['no quiero borrar mis palabras', ERASE],
  ])('"%s" chooses none', (words, options) => expect(choiceOf(intents, words, options, 'near')).toBeNull());

  test('where the whole must say it, most of it does not', () =>
    expect(choiceOf(intents, 'que no estoy de acuerdo le aviso', REPLY, 'whole')).toBeNull());
});

describe('words say whether somebody comes to a meeting', () => {
  test.each([
    ['sí, de acuerdo, alli estare, si Dios quiere, con mi señora', 'yes'],
    ["yes I'll come", 'yes'],
    ['je viens', 'yes'],
    ["I'll be there with my daughter", 'yes'],
    ["I'm coming to the meeting, but late", 'yes'],
    ['voy a ir a la reunión', 'yes'],
    ['je viens avec ma fille', 'yes'],
    ['我会去，和我女儿一起', 'yes'],
    ["I can't come because I work that day", 'no'],
    ['no puedo ir ese día porque trabajo', 'no'],
    ['oiga pues al final si que voy, apunteme', 'yes'],
    ['quizás', 'maybe'],
    ['no voy a ir', 'no'],
    ['no, ese dia no puedo, tengo que ir al medico', 'no'],
    ['那天我没空', 'no'],
    ["I can't come, well, I'll be there if my boss lets me", null],
  ])('"%s"', (words, answer) => expect(comingIn(intents, words)).toMatchObject({ answer }));

  test.each([
    ['Allí estaré. Y quiero más farolas en mi calle', 'yes', 'Y quiero más farolas en mi calle'],
    ['Sí. Je viendrai! Il faut aussi des bancs devant la mairie.', 'yes', 'Il faut aussi des bancs devant la mairie.'],
    ["I'll come. With my daughter and her friends", 'yes', null],
    ['No puedo ir ese día. Tengo que ir al médico', 'no', null],
  ])('"%s", and something besides', (words, answer, besides) =>
    expect(comingIn(intents, words)).toMatchObject({ answer, besides }),
  );

  test.each([
    'Que pongan bancos en la plaza para los mayores',
    '¿Cómo voy a ir al médico si no hay autobús?',
    'No hay autobús los domingos',
    '希望图书馆星期天也开门',
    "I'm coming from a village without water",
    'Yes, I am going to lose my home',
    'I can come to the health centre only on Mondays',
    "I'm not coming back to a city without trees",
    'Maybe the city could plant trees',
    'Perhaps bins',
    'voy a ir al juzgado si no arreglan la calle',
    'no voy a ir a votar mientras no haya rampas',
    'Quizás más bancos',
    'je viens de perdre mon emploi',
    'je viens de loin',
    "Oui, j'y vais tous les jours à vélo et c'est dangereux",
    'Je ne viens pas de la ville',
    'Peut-être plus de bancs',
    '我会去找市长谈路灯的事',
    '可能需要更多路灯',
    '我不能去医院因为没有公交车',
  ])('"%s" says nothing of it', (words) => expect(comingIn(intents, words)).toBeNull());
});
