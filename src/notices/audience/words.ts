import type { Phrases } from '../../core/phrases.ts';
import { languageName } from '../../core/texts.ts';
import { STAKEHOLDER_GROUPS } from '../../people/preferences.ts';
import { KINDS } from '../kinds.ts';
import type { Notice } from '../notice.ts';
import { type Audience, type Condition, type ConditionMaker, madeOf, type Property } from './audience.ts';
import { storedAudience } from './reader.ts';

/** Whoever reads it, with members.yaml in their language. */
export interface AudienceReader {
  phrases: Phrases;
  language: string;
}

/** Whom a notice reaches, in words for an organizer. */
export function reachWords({ kind, audience }: Pick<Notice, 'kind' | 'audience'>, reader: AudienceReader): string {
  const { reaches, rendering } = KINDS[kind];
  if (reaches === 'told_older') return reader.phrases('audience_told');
  if (reaches === 'made_for') return reader.phrases(`audience_${rendering}`);
  return audienceWords(storedAudience(audience ?? ''), reader);
}

/** `everyone`, `people who read Spanish and have not taken part`. */
export function audienceWords(audience: Audience, reader: AudienceReader): string {
  if (audience === 'everyone') return reader.phrases('audience_everyone');
  return reader.phrases('audience_people', { what: clause(saidOf(audience, reader), 0, reader) });
}

/**
 * A predicate about people, or several joined by and or or. Negation is applied to single predicates, so that "not"
 * stays next to what it denies.
 */
type Said = string | Several;
interface Several {
  how: 'all' | 'any';
  parts: Said[];
}

const saidOf = (condition: Condition, reader: AudienceReader): Said => madeOf(condition, maker(reader))(false);

const maker = (reader: AudienceReader): ConditionMaker<(denied: boolean) => Said> => {
  const predicate = (name: string, values: Record<string, string | number>) => (denied: boolean) =>
    reader.phrases(`audience_${name}`, { ...values, denied: denied ? 'yes' : 'no' });
  return {
    all: (parts) => (denied) => several(denied ? 'any' : 'all', parts, denied),
    any: (parts) => (denied) => several(denied ? 'all' : 'any', parts, denied),
    not: (part) => (denied) => part(!denied),
    property: (name, values) => predicate(name, { of: listed(name, values, reader) }),
    deed: (name, of) => predicate(name, { of: quoted(of, reader) }),
    fact: (name) => predicate(name, {}),
    unseen: (days) => predicate('unseen', { days }),
  };
};

/** Flattens lists of the same kind, which negation may have produced. */
function several(how: 'all' | 'any', parts: ((denied: boolean) => Said)[], denied: boolean): Several {
  const said = parts.map((part) => part(denied));
  return { how, parts: said.flatMap((one) => (typeof one !== 'string' && one.how === how ? one.parts : [one])) };
}

/** Commas separate the outermost level, words the next, brackets anything deeper. */
function clause(said: Said, depth: number, { phrases, language }: AudienceReader): string {
  if (typeof said === 'string') return said;
  const parts = said.parts.map((part) => clause(part, depth + 1, { phrases, language }));
  const joined = (key: string) => parts.reduce((one, other) => phrases(key, { one, other }));
  const plain = said.how === 'all' ? 'audience_and' : 'audience_or';
  if (depth > 1) return `(${joined(plain)})`;
  if (depth === 1 && said.how === 'any') {
    const [first = '', ...others] = parts;
    const either = phrases('audience_either', { one: first });
    return others.reduce((one, other) => phrases('audience_either_or', { one, other }), either);
  }
  const isNested = depth === 0 && said.parts.some((part) => typeof part !== 'string');
  return joined(isNested ? `${plain}_apart` : plain);
}

const quoted = (name: string, { phrases }: AudienceReader): string => phrases('audience_named', { name });

function listed(property: Property, values: readonly string[], reader: AudienceReader): string {
  const names = values.map((value) => NAMES[property]?.(value, reader) ?? quoted(value, reader));
  return new Intl.ListFormat(localeOf(reader.language), { type: 'disjunction' }).format(names);
}

/** Plain `en` puts a comma before the last item, but commas separate conditions here. */
const localeOf = (language: string): string => (language === 'en' ? 'en-GB' : language);

const NAMES: Partial<Record<Property, (value: string, reader: AudienceReader) => string | null>> = {
  language: (value, { language }) => languageName(value, language),
  channel: (value) => value.charAt(0).toUpperCase() + value.slice(1),
  group: (value, reader) =>
    STAKEHOLDER_GROUPS.some((group) => group === value)
      ? quoted(reader.phrases(`audience_group_${value}`), reader)
      : null,
};
