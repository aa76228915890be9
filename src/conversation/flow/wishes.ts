import { behind, comparable, type Intent, intentOf, leftOf } from './intents.ts';
import { LONGEST_NAME, languageNamed, languagesKnown } from './languages.ts';
import type { Run } from './run.ts';
import { hasWords } from './words.ts';

/** What somebody asks of us in a sentence of their own, as the command that does it. */
export interface Wish {
  name: string;
  argument: string;
}

/** Which command a wish means, and how many words may be said of it besides: who has more to say has an idea. */
const WISHES: readonly { intent: Intent; name: string; besides: number }[] = [
  { intent: 'erase', name: 'erase', besides: 8 },
  { intent: 'fewer', name: 'topics', besides: 12 },
  { intent: 'guide', name: 'help', besides: 0 },
  { intent: 'language', name: 'language', besides: 0 },
];

/** Longer messages say something of their own. */
const MOST_WISHED = 200;

/** Null: they wish for nothing that a command does. Whoever wants no messages at all is asked about that elsewhere. */
export function wishIn({ registry }: Pick<Run, 'registry'>, said: string): Wish | null {
  const { intents } = registry;
  if (said.length > MOST_WISHED || intentOf(intents, said, ['leave']) !== null) return null;
  const wished = WISHES.find(({ intent, besides }) => {
    const more = behind(intents, said, intent);
    return more !== null && !hasWords(more, besides + 1);
  });
  return wished ? { name: wished.name, argument: '' } : null;
}

/** A language that they want to be spoken to in. @param isNameEnough where no words are asked for */
export function languageWished(run: Pick<Run, 'registry' | 'world'>, said: string, isNameEnough: boolean): Wish | null {
  if (said.length > MOST_NAMED) return null;
  const { intents } = run.registry;
  const words = comparable(said);
  const named = leftOf([intents.courtesies, intents.of.speaking, intents.of.language], words);
  if (named.length > LONGEST_NAME) return null;
  const known = languagesKnown(run);
  const language = languageNamed(named, known, known);
  if (language === undefined) return null;
  const isNameAlone = leftOf([intents.courtesies], words) === named;
  return isNameAlone && !isNameEnough ? null : { name: 'language', argument: language };
}

const MOST_NAMED = 60;
