import type { PhraseReader } from '../core/phrases.ts';
import { baseLanguage } from '../core/texts.ts';
import type { Element, ReasonedResponse, ResponseLanguages } from './decision.ts';

/** A response with its translations. */
export type Said = ReasonedResponse & Partial<ResponseLanguages>;

/** An element as one reader gets it; `foreign`: its language, if they do not read it. */
export interface ReadElement {
  text: string;
  foreign: string | null;
}

/** The text in the reader's language, else in that of the text around it, else the one for everybody. */
export function elementFor(said: Said, element: Element, reader?: PhraseReader): ReadElement {
  const texts = said.translations?.[element] ?? {};
  const language = said.languages?.[element];
  const reads = reader ? [baseLanguage(reader.own), baseLanguage(reader.frame)] : [];
  for (const each of reads) {
    const text = texts[each] ?? (each === language ? said[element] : undefined);
    if (text) return { text, foreign: null };
  }
  if (said[element] !== '') return { text: said[element], foreign: reads.length > 0 ? (language ?? null) : null };
  const [first] = Object.entries(texts);
  return { text: first?.[1] ?? '', foreign: first?.[0] ?? null };
}
