import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openFlowRegistry } from '../../../src/conversation/flow/source/load.ts';
import { wishIn } from '../../../src/conversation/flow/wishes.ts';
import { only, read, talk } from '../../support/talk.ts';

const shipped = await openFlowRegistry('flows');
const wished = (words: string) => wishIn({ registry: shipped }, words)?.name ?? null;

const ERASE = [
  'erase me',
  'Please delete my data',
  'hello, could you please delete all my personal data? I am leaving',
  'I want you to forget me',
  'how can I delete my account?',
  'quiero que borren mis datos, por favor',
  'buenas tardes, mire usted, quisiera borrar mis datos',
  'bórreme',
  'borreme por favor',
  'borrelo usted todo, hombre',
  '¿pueden eliminar todos mis datos?',
  'señorita, quiero que se borren mis datos, que ya no quiero saber nada',
  'Je voudrais que vous effaciez mes données s’il vous plaît',
  'supprimez mon compte',
  '请把我的数据删除',
  '请删除我的所有数据',
  '删除我的数据',
  '你好，我想删除我的个人信息，谢谢',
  'أريد حذف بياناتي',
  'من فضلك احذف بياناتي',
  'أرجو أن تحذفوا كل بياناتي',
];
const FEWER = [
  'ya no me mande mas mensajes de estos de fechas por favor que me llenan el telefono',
  'please send me fewer messages',
  'Don’t send me so many messages!',
  'je reçois trop de messages',
  '消息太多了，少发一点消息',
];
const OTHERS = [
  ['帮助', 'help'],
  ['¿cómo funciona esto?', 'help'],
  ['hola, necesito ayuda por favor', 'help'],
  ['no entiendo inglés', 'language'],
] as const;

test.each(ERASE)('"%s" is a wish to be erased', (words) => expect(wished(words)).toBe('erase'));
test.each(FEWER)('"%s" is a wish for fewer messages', (words) => expect(wished(words)).toBe('topics'));
test.each(OTHERS)('"%s" asks for /%s', (words, name) => expect(wished(words)).toBe(name));

test.each([
  'please delete the data of the cameras',
  'Que borren los datos de las cámaras de la plaza',
  'quiero que eliminen los datos viejos del padrón',
  '请删除摄像头的数据',
  'احذف بيانات الكاميرات',
  'no quiero que borren mis datos',
  'The town should delete my data and that of all patients from the register of the clinic after five years',
  'my data should be deleted by every public office after a year',
  'help the people in the mountain villages',
  'ayuda para los mayores del barrio',
  'Menos mensajes y más hechos',
  'Send fewer letters and more e-mails',
  'no me escriba más',
  'stop',
])('"%s" is no wish that a command does', (words) => expect(wished(words)).toBeNull());

test('whatever else is open, a wish to be erased begins to ask about that, and is no idea', () => {
  const openings: ((one: ReturnType<typeof talk>) => void)[] = [
    () => undefined,
    (one) => one.commands('idea'),
    (one) => one.commands('start'),
    (one) => one.commands('ask'),
    (one) => one.commands('profile'),
    (one) => one.says('¿quién lleva la biblioteca del barrio?'),
  ];
  fc.assert(
    fc.property(fc.constantFrom(...ERASE), fc.constantFrom(...openings), (words, open) => {
      const one = talk(shipped, { language: 'es' });
      open(one);
      expect(read(one.says(words))).toContain('Puedo borrar todo lo que guardamos sobre usted');
      one.presses('No, no borrar nada');
      expect(only(one.events, 'contributed')).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

describe('a language that is wished for', () => {
  const LINE = '您可以用任何语言打字或发语音，但我只能用英语、西班牙语或法语回复。';

  test.each(['中文', '请用中文', '你好，我看不懂英文，请用中文', 'can you speak Chinese?', '¿habla chino?'])(
    '"%s": its reader learns in it which languages we answer in',
    (words) => {
      const one = talk(shipped);
      expect(read(one.says(words))).toBe(LINE);
      expect(only(one.events, 'contributed')).toEqual([]);
    },
  );

  test('the same in Arabic', () => expect(read(talk(shipped).says('بالعربية من فضلك'))).toContain('يمكنك الكتابة'));

  test.each([
    ['in English please', 'From now on I write in English.'],
    ['請用法文', 'Désormais, j’écris en français.'],
    ['en español, por favor', 'Desde ahora escribo en español.'],
  ])('"%s": we answer in it from then on', (words, answer) => {
    expect(read(talk(shipped, { language: words.startsWith('in') ? 'es' : 'en' }).says(words))).toBe(answer);
  });

  test('the question that was open is asked again', () => {
    const one = talk(shipped);
    one.commands('idea');
    expect(read(one.says('请用中文'))).toBe(
      `${LINE}\n${'What should change? Tell me in your own words. A voice message or a photo is fine too.'}`,
    );
  });

  test('where words are asked for, the name of a language may be the answer', () => {
    const one = talk(shipped);
    one.commands('idea');
    one.says('English');
    expect(only(one.events, 'contributed').map(({ contribution }) => contribution.text)).toEqual(['English']);
  });

  test.each(['Teach Chinese in our schools', 'Forms in English and in Arabic', '请用中文写路牌'])(
    '"%s" is an idea',
    (words) => expect(only(talk(shipped).says(words), 'contributed')).toHaveLength(1),
  );
});
