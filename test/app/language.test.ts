import { expect, test } from 'vitest';
import { detectLanguage } from '../../src/app/language.ts';

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
])('%j of somebody who reads %s is in %s', async (words, expected, language) => {
  expect(await detectLanguage(words, expected)).toBe(language);
});
