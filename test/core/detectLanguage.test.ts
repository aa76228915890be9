import { describe, expect, test } from 'vitest';
import { detectLanguage, tellLanguage } from '../../src/core/detectLanguage.ts';

test.each([
  ['clear', 'en', 'en'],
  ['clear', 'es', 'es'],
  ['Yes', 'fr', 'fr'],
  ['ok gracias', 'en', 'en'],
  ['Parents, farmers', 'en', 'en'],
  ['👍👍👍', 'en', 'en'],
  ['12.50', 'en', 'en'],
  ['A bench in the park', 'es', 'en'],
  ['Un banco en el parque', 'en', 'es'],
  ['Je ne sais pas', 'en', 'fr'],
  ['你好', 'en', 'zh'],
  ['希望公开所有政府采购合同', 'es', 'zh'],
  ['أريد مزيدا من الحدائق', 'fr', 'ar'],
  ['да', 'uk', 'uk'],
  ['公園', 'ja', 'ja'],
  ['학교', 'ko', 'ko'],
  ['clear', 'no such language', 'no such language'],
  ['我坐過 Taxi 上學', 'en', 'zh'],
  ['We like the 公園 in our street', 'en', 'en'],
])('%j of somebody who reads %s is in %s', async (words, expected, language) => {
  expect(await detectLanguage(words, expected, ['en', 'es', 'fr'])).toBe(language);
});

describe('a language that the process does not have', () => {
  const likely = ['en', 'es', 'fr'];
  test.each([
    ['Una fuente en la calle Oña', 'es', 'es'],
    ['Ampliar las aceras de la calle Gayo', 'es', 'es'],
    ['Anchear los caminos del parque', 'es', 'es'],
    ['Poner bancos en la pza Mayor', 'es', 'es'],
    ['Poner bancos en la pza Mayor', 'en', 'es'],
    ['We need elected officiałs who answer letters', 'en', 'en'],
    ['Cal publicar tots els contractes de la ciutat, amb els noms de les empreses', 'es', 'es'],
  ])('is not guessed from a word or a name: %s (%s)', async (words, expected, language) => {
    expect(await detectLanguage(words, expected, likely)).toBe(language);
  });
  test.each([
    ['Die Stadt soll alle Verträge veröffentlichen, damit jeder sie lesen kann', 'de'],
    ['Ba chóir níos mó crann a chur ar na sráideanna agus níos lú carranna sa lár', 'ga'],
    ['É preciso publicar todos os contratos da cidade, com os nomes das empresas', 'pt'],
  ])('is told where all of the words say so: %s', async (words, language) => {
    for (const expected of likely) expect(await detectLanguage(words, expected, likely)).toBe(language);
  });
  test('is told from fewer words where it is that of the person’s app', async () => {
    expect(await detectLanguage('Mehr Bäume in der Stadt', 'en', likely)).toBe('en');
    expect(await detectLanguage('Mehr Bäume in der Stadt', 'en', [...likely, 'de-AT'])).toBe('de');
  });
});

describe('the language of an answer', () => {
  const CROATIAN = 'Odluka nije uključena jer je potreban novi zakon koji ovaj plan ne može donijeti.';
  test.each([
    ['It needs a new law, which this plan cannot make.', 'fr', ['fr', 'en'], 'en'],
    ['Il faut une nouvelle loi, que ce plan ne peut pas faire.', 'fr-CA', ['fr', 'en'], 'fr'],
    ['Das braucht ein neues Gesetz, das dieser Plan nicht machen kann.', 'fr', ['fr', 'en'], 'de'],
    ['需要新的法律', 'en', ['en', 'zh'], 'zh'],
  ])('is told: %s', async (text, expected, likely, language) => {
    expect(await tellLanguage(text, expected, likely)).toBe(language);
  });
  test('is the expected one, or one of the process, where no program tells it from its neighbour', async () => {
    expect(await tellLanguage(CROATIAN, 'hr', ['hr', 'en'])).toBe('hr');
    expect(await tellLanguage(CROATIAN, 'hr', ['hr', 'sr', 'en'])).toBe('hr');
    expect(await tellLanguage(CROATIAN, 'en', ['hr', 'en'])).toBe('hr');
    expect(await tellLanguage('Det krever en ny lov, som denne planen ikke kan lage.', 'nb', ['nb', 'en'])).not.toBe(
      'da',
    );
  });
  test.each(['', 'No.', 'OGP Action Plan 2027, 3.2', 'Ministerio', '…', '12'])(
    'is not guessed at: %s',
    async (text) => {
      expect(await tellLanguage(text, 'fr', ['fr', 'en', 'es'])).toBeNull();
    },
  );
});
