import type { PhrasesIn } from '../core/loadPhrases.ts';
import { type Texts, textFor } from '../core/texts.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { BLANK_NOTICE, type Notice } from './notice.ts';

/** What everybody who took part is told at the end: in the words of the process, or in those of outreach.yaml. */
export function closingTexts({ closing, name, languages }: ProcessDefinition, phrasesIn: PhrasesIn): Texts {
  if (closing !== undefined) return closing;
  const said = (language: string) => phrasesIn(language)('closing_words', { name: textFor(name, language, languages) });
  return Object.fromEntries(languages.map((language) => [language, said(language)]));
}

export const closingNotice = (id: string, texts: Texts, by: string): Notice => ({
  ...BLANK_NOTICE,
  ...{ id, kind: 'closure', texts, audience: 'took_part', createdBy: by },
});
