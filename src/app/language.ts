type Detector = typeof import('eld/extrasmall').eld;

/** The language that words are written in (ISO 639-1); `expected` where they are too few or could be in that as well. */
export type DetectLanguage = (words: string, expected: string) => Promise<string>;

/** Below this share of the best score the expected language is no longer a fair reading of the words. */
const FAIR = 0.9;

/** Loaded with the first contribution: its tables take tens of megabytes, which commands have no use for. */
let detector: Promise<Detector> | null = null;

export const detectLanguage: DetectLanguage = async (words, expected) => {
  detector ??= import('eld/extrasmall').then((module) => module.eld);
  const result = (await detector).detect(words);
  if (!result.isReliable()) return expected;
  const scores = result.getScores();
  const base = expected.split('-')[0] ?? expected;
  const fair = (scores[base] ?? 0) >= FAIR * (scores[result.language] ?? 0);
  return fair ? expected : result.language;
};
