/** Properties of a person, each compared with values. */
export const PROPERTIES = ['language', 'channel', 'group', 'place', 'source', 'topic'] as const;
/** What a person did about a question, theme or event, or whether they had a notice. */
export const DEEDS = ['answered', 'contributed', 'attends', 'replied', 'received'] as const;
/** What is true of a person or not. */
export const FACTS = ['took_part', 'heard_back'] as const;

export type Property = (typeof PROPERTIES)[number];
export type Deed = (typeof DEEDS)[number];
export type Fact = (typeof FACTS)[number];

type Keyed<K extends string, V> = { [Key in K]: Record<Key, V> }[K];

/**
 * A parsed condition: a tree whose nodes have one key each. A property holds for any of its values; `unseen_days` means
 * at least so many whole days since they were last here.
 */
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | Keyed<Property, string[]>
  | Keyed<Deed, string>
  | Keyed<Fact, true>
  | { unseen_days: number };

/**
 * `everyone` means each person who has agreed to take part and can be reached and, for kinds that go to groups, each
 * group that has asked for announcements; a condition selects people only. What somebody chose to receive takes
 * precedence.
 */
export type Audience = 'everyone' | Condition;

/** Builds a value from each kind of condition. */
export interface ConditionMaker<T> {
  all(parts: T[]): T;
  any(parts: T[]): T;
  not(part: T): T;
  property(name: Property, values: string[]): T;
  deed(name: Deed, of: string): T;
  fact(name: Fact): T;
  unseen(days: number): T;
}

/** Builds a value from a condition, from the leaves to the root. */
export function madeOf<T>(condition: Condition, make: ConditionMaker<T>): T {
  if ('all' in condition) return make.all(condition.all.map((part) => madeOf(part, make)));
  if ('any' in condition) return make.any(condition.any.map((part) => madeOf(part, make)));
  if ('not' in condition) return make.not(madeOf(condition.not, make));
  if ('unseen_days' in condition) return make.unseen(condition.unseen_days);
  const [[name, value] = ['', '']] = Object.entries(condition);
  if (Array.isArray(value)) return make.property(name as Property, value);
  return value === true ? make.fact(name as Fact) : make.deed(name as Deed, value as string);
}

/** Joins conditions into one, without nesting lists of the same kind. Needs at least one. */
export function joined(how: 'all' | 'any', parts: Condition[]): Condition {
  const flat = parts.flatMap(
    (part) => (how in part ? (part as Record<string, Condition[]>)[how] : undefined) ?? [part],
  );
  const [only, ...others] = flat;
  if (only !== undefined && others.length === 0) return only;
  return how === 'all' ? { all: flat } : { any: flat };
}

/** The audience as an expression, as in notice files and as it is stored. */
export const writeAudience = (audience: Audience): string =>
  audience === 'everyone' ? audience : unwrapped(madeOf(audience, EXPRESSION).text);

/**
 * Which people of an audience get the notice though they have not agreed to take part: nobody (null), or those who said
 * yes or maybe to an event that it is about.
 */
export function askedFor(audience: Audience): Condition | null {
  if (audience === 'everyone') return null;
  const events = madeOf(audience, ATTENDED)(false);
  return events.length === 0
    ? null
    : joined(
        'any',
        [...new Set(events)].map((attends) => ({ attends })),
      );
}

/** The events whose attendants an audience includes; those that it excludes do not count. */
const ATTENDED: ConditionMaker<(denied: boolean) => string[]> = {
  all: (parts) => (denied) => parts.flatMap((part) => part(denied)),
  any: (parts) => (denied) => parts.flatMap((part) => part(denied)),
  not: (part) => (denied) => part(!denied),
  property: () => () => [],
  deed: (name, of) => (denied) => (name === 'attends' && !denied ? [of] : []),
  fact: () => () => [],
  unseen: () => () => [],
};

/** `whole`: needs no brackets wherever it stands. */
interface Written {
  text: string;
  whole: boolean;
}

const whole = (text: string): Written => ({ text, whole: true });
const open = (text: string): Written => ({ text, whole: false });
const between = (sign: string) => (parts: Written[]) => whole(`(${parts.map(({ text }) => text).join(sign)})`);
const unwrapped = (text: string): string => (text.startsWith('(') ? text.slice(1, -1) : text);
const negated = ({ text, whole: asItIs }: Written) => whole(asItIs ? `!${text}` : `!(${text})`);

const quoted = (value: string): string => JSON.stringify(value);

const EXPRESSION: ConditionMaker<Written> = {
  all: between(' && '),
  any: between(' || '),
  not: negated,
  property: (name, [first = '', ...more]) =>
    open(more.length === 0 ? `${name} == ${quoted(first)}` : `${name} in [${[first, ...more].map(quoted).join(', ')}]`),
  deed: (name, of) => whole(`${name}(${quoted(of)})`),
  fact: whole,
  unseen: (days) => open(`unseen_days >= ${days}`),
};
