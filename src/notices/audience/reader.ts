import type { ChannelName } from '../../core/channel.ts';
import { UserError } from '../../core/errors.ts';
import type { Path } from '../../core/yaml.ts';
import { STAKEHOLDER_GROUPS } from '../../people/preferences.ts';
import {
  type Audience,
  type Condition,
  type ConditionMaker,
  DEEDS,
  FACTS,
  joined,
  madeOf,
  PROPERTIES,
} from './audience.ts';
import { readExpression } from './expression.ts';
import {
  deedOf,
  isOneOf,
  propertyOf,
  REMEDY,
  type TermReading,
  unknownName,
  unseenFor,
  type Vocabulary,
} from './terms.ts';

/** What is wrong with an audience, and at which of its parts. */
export interface AudienceComplaint {
  path: Path;
  message: string;
}

export type AudienceRead =
  | { audience: Audience; complaints: readonly [] }
  | { audience: null; complaints: readonly AudienceComplaint[] };

/** More is no condition that somebody thought of, and more than a database takes. */
const DEEPEST = 20;
const MOST_LEAVES = 500;

const sum = (counts: number[]): number => counts.reduce((total, count) => total + count, 0);
const LEAVES: ConditionMaker<number> = {
  all: sum,
  any: sum,
  not: (count) => count,
  property: () => 1,
  deed: () => 1,
  fact: () => 1,
  unseen: () => 1,
};

/**
 * An audience as authors write it: `everyone`, an expression, or keys with values (several keys: all of them; several
 * values: any of them); `all`, `any` and `not` hold more of the same. What was stored is such an audience too.
 */
export const readAudience = (value: unknown, known: Vocabulary = {}): AudienceRead =>
  read(value, { channels: CHANNELS, groups: STAKEHOLDER_GROUPS, ...known });

/** An audience as it was stored, also by earlier versions: whatever its values, they were right then. @throws UserError */
export function storedAudience(value: unknown): Audience {
  if (typeof value === 'object' && value !== null && 'told' in value) return { told: Number(value.told) };
  const { audience, complaints } = read(value, {});
  if (audience === null)
    throw new UserError(`The audience cannot be read: ${complaints.map((one) => one.message).join(' ')}`);
  return audience;
}

const CHANNELS: readonly ChannelName[] = ['telegram', 'slack', 'memory'];

function read(value: unknown, known: Vocabulary): AudienceRead {
  if (typeof value === 'string' && value.trim() === 'everyone') return { audience: 'everyone', complaints: [] };
  const complaints: AudienceComplaint[] = [];
  const audience = conditionIn({ value, path: [] }, { known, complaints });
  if (audience === null || complaints.length > 0) return { audience: null, complaints };
  if (madeOf(audience, LEAVES) <= MOST_LEAVES) return { audience, complaints: [] };
  const message = `has more than ${MOST_LEAVES} conditions. Write it with fewer.`;
  return { audience: null, complaints: [{ path: [], message }] };
}

interface Whole {
  known: Vocabulary;
  complaints: AudienceComplaint[];
}

interface Part {
  value: unknown;
  path: Path;
}

function conditionIn(part: Part, whole: Whole): Condition | null {
  const { value, path } = part;
  const reading = readingAt(path, whole);
  if (path.length > DEEPEST)
    return reading.complain('is nested too deeply. Write it with fewer conditions in conditions.');
  if (typeof value === 'string') return readExpression(value, reading);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return reading.complain(`is no audience. ${REMEDY}`);
  const keys = Object.keys(value);
  if (keys.length === 0) return reading.complain(`is empty. ${REMEDY}`);
  const inner = keys.map((key) =>
    keyed(key, { value: (value as Record<string, unknown>)[key], path: [...path, key] }, whole),
  );
  return together('all', inner);
}

const readingAt = (path: Path, { known, complaints }: Whole): TermReading => ({
  known,
  complain(message) {
    complaints.push({ path, message });
    return null;
  },
});

const together = (how: 'all' | 'any', parts: (Condition | null)[]): Condition | null =>
  parts.some((part) => part === null) ? null : joined(how, parts as Condition[]);

function keyed(key: string, part: Part, whole: Whole): Condition | null {
  const reading = readingAt(part.path, whole);
  if (key === 'all' || key === 'any') return listed(key, part, whole);
  if (key === 'not') {
    const inner = conditionIn(part, whole);
    return inner && { not: inner };
  }
  if (key === 'unseen_days') return unseenFor(part.value, reading);
  if (isOneOf(FACTS, key)) return fact(key, part.value, reading);
  if (!isOneOf(PROPERTIES, key) && !isOneOf(DEEDS, key)) return unknownName(key, reading);
  const values = textsIn(part.value);
  if (values === null)
    return reading.complain(`${key} must be a text, or a list of texts; numbers and dates need quotes around them.`);
  return isOneOf(PROPERTIES, key) ? propertyOf(key, values, reading) : deedOf(key, values, reading);
}

function listed(how: 'all' | 'any', { value, path }: Part, whole: Whole): Condition | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_LEAVES)
    return readingAt(path, whole).complain(`${how} must be a list of conditions.`);
  return together(
    how,
    value.map((item, index) => conditionIn({ value: item, path: [...path, index] }, whole)),
  );
}

function fact(name: string, value: unknown, { complain }: TermReading): Condition | null {
  if (typeof value !== 'boolean') return complain(`${name} is true or false.`);
  const condition = { [name]: true } as Condition;
  return value ? condition : { not: condition };
}

function textsIn(value: unknown): string[] | null {
  const list = Array.isArray(value) ? value : [value];
  return list.every((item) => typeof item === 'string') ? list : null;
}
