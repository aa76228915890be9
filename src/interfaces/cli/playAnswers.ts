import { textFor } from '../../core/texts.ts';
import type { ProcessDefinition } from '../../process/process.ts';

const WORDS = {
  en: 'The bus should also come on Sundays.',
  es: 'El autobús debería pasar también los domingos.',
  fr: 'Le bus devrait aussi passer le dimanche.',
};
const QUESTION = {
  en: 'What should change where you live?',
  es: '¿Qué debería cambiar donde usted vive?',
  fr: 'Qu’est-ce qui devrait changer là où vous vivez ?',
};
const REFERENCE = 'HB-K4TXW9A';

/** Answers such as the application gives when it begins a flow by itself. */
export function usual(flow: string, process: ProcessDefinition, language: string): Record<string, string> {
  const words = textFor(WORDS, language);
  const question = process.questions[0] ?? { id: 'question', text: QUESTION };
  const given: Record<string, Record<string, string>> = {
    loose: { said: words },
    question: { question_id: question.id, question_text: textFor(question.text, language, process.languages) },
    respond: { response_id: '00000000-0000-4000-8000-000000000000', reply: 'question' },
    ask: { said: words },
    answer: { reference: REFERENCE, before: words },
    decide: { reference: REFERENCE, before: words, decision: 'inclusion' },
    add: { reference: REFERENCE, what: 'details' },
    edit: { reference: REFERENCE, before: words },
    withdraw: { reference: REFERENCE, before: words },
  };
  return given[flow] ?? {};
}
