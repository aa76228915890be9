import type { PhrasesIn } from '../../../core/loadPhrases.ts';
import type { Phrases } from '../../../core/phrases.ts';
import { spoken } from '../../../core/texts.ts';

/** Who reads a page. */
export interface Reader {
  language: string;
  direction: 'ltr' | 'rtl';
  phrases: Phrases;
  /** Those that the console speaks. */
  languages: readonly string[];
}

/** @param wishes languages, the first that can be met is */
export function readerOf(
  wishes: readonly (string | null)[],
  { phrasesIn, languages }: { phrasesIn: PhrasesIn; languages: readonly string[] },
): Reader {
  const language = spoken(wishes, languages);
  return { language, direction: directionOf(language), phrases: phrasesIn(language), languages };
}

const FROM_THE_RIGHT = new Set(['Arab', 'Hebr', 'Syrc', 'Thaa', 'Nkoo', 'Adlm', 'Rohg']);

/** From which side a language is read. */
export const directionOf = (language: string): 'ltr' | 'rtl' =>
  FROM_THE_RIGHT.has(new Intl.Locale(language).maximize().script ?? '') ? 'rtl' : 'ltr';

/** What a browser asks for, what it likes best first: `fr-CH, fr;q=0.9, en;q=0.8`. */
export function acceptedLanguages(header: string): string[] {
  const wishes = header.split(',').map((part) => {
    const [tag = '', quality = 'q=1'] = part.split(';').map((piece) => piece.trim());
    return { tag, quality: Number(/^q=([\d.]+)$/.exec(quality)?.[1] ?? 0) };
  });
  return wishes
    .filter(({ tag, quality }) => /^[\w-]+$/.test(tag) && quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag);
}
