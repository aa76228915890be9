import { describe, expect, test } from 'vitest';
import { isPlainly } from '../../src/core/plainLanguage.ts';

const OURS = {
  en: [
    'We need more trees along the main street and fewer cars',
    'There is not enough light in the park at night and people are afraid',
    'A bench, a tree, and a light at the corner. The bench should be of wood.',
  ],
  es: [
    'Hay que publicar todos los contratos de la ciudad, con los nombres de las empresas',
    'Queremos más árboles en las calles y menos coches en el centro',
    'El parque está muy oscuro por la noche y la gente tiene miedo',
  ],
  fr: [
    'Il faut publier tous les contrats de la ville avec les noms des entreprises',
    'Nous voulons plus d’arbres dans les rues et moins de voitures au centre',
    'Le parc est très sombre la nuit et les gens ont peur',
  ],
};
const languages = Object.keys(OURS);

describe.each(Object.entries(OURS))('a sentence in %s', (language, sentences) => {
  test.each(sentences)('is plainly that, and no other: %s', (sentence) => {
    expect(languages.filter((one) => isPlainly(one, sentence))).toEqual([language]);
    expect(isPlainly(`${language}-CA`, sentence)).toBe(true);
  });
});

test.each([
  'É preciso publicar todos os contratos da cidade, com os nomes das empresas',
  'O parque está muito escuro à noite e as pessoas têm medo de passar',
  'Servono più alberi nelle strade del centro e meno macchine davanti alle scuole',
  'Les escoles del barri no tenen prou mestres i els nens no poden aprendre',
  'Vrem mai mulți copaci pe străzi și mai puține mașini în centru',
  'Die Stadt soll alle Verträge veröffentlichen, damit jeder sie lesen kann',
  'De stad moet alle contracten publiceren zodat iedereen ze kan lezen',
  'Vi vil have flere træer i gaden og færre biler i centrum af byen',
  'Ba chóir níos mó crann a chur ar na sráideanna agus níos lú carranna sa lár',
  'Nou bezwen plis pyebwa nan lari yo ak mwens machin nan sant vil la',
  'The the the the',
  'En la calle del Mercado we want more trees and una fuente y un banco',
  '希望公开所有政府采购合同',
  '',
])('of others nothing is plain: %s', (sentence) => {
  expect(languages.filter((one) => isPlainly(one, sentence))).toEqual([]);
});

test('of a language whose words are not known nothing is plain', () => {
  expect(isPlainly('de', 'Die Stadt soll alle Verträge veröffentlichen, damit jeder sie lesen kann')).toBe(false);
});
