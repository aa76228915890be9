import { UserError } from '../../core/errors.ts';
import { STAKEHOLDER_GROUPS } from '../../people/preferences.ts';
import { type Audience, type ConditionMaker, madeOf } from './audience.ts';
import { readExpression } from './expression.ts';
import { REMEDY, type TermReading, type Vocabulary } from './terms.ts';

/** What is wrong with an audience, each complaint with its remedy. */
export type AudienceRead =
  | { audience: Audience; complaints: readonly [] }
  | { audience: null; complaints: readonly string[] };

/** More than anybody writes on purpose. */
const MOST_LEAVES = 500;
const LONGEST = 10_000;

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

/** An audience as an author writes it: `everyone`, or an expression. */
export function readAudience(written: unknown, known: Vocabulary = {}): AudienceRead {
  if (typeof written === 'string') return readWritten(written, { groups: STAKEHOLDER_GROUPS, ...known });
  const isKeyed = typeof written === 'object' && written !== null && Object.keys(written).length > 0;
  const what = isKeyed ? 'has keys, which are not understood: it is one expression' : 'is not an audience';
  return { audience: null, complaints: [`${what}. ${REMEDY}`] };
}

function readWritten(written: string, known: Vocabulary): AudienceRead {
  if (written.length > LONGEST) return tooMuch(`is longer than ${LONGEST} characters. ${REMEDY}`);
  const found = read(written, known);
  if (found.audience === null || found.audience === 'everyone') return found;
  if (madeOf(found.audience, LEAVES) <= MOST_LEAVES) return found;
  return tooMuch(`has more than ${MOST_LEAVES} conditions. Write it with fewer.`);
}

const tooMuch = (complaint: string): AudienceRead => ({ audience: null, complaints: [complaint] });

/**
 * Reads a stored audience without checking its values and length again. @throws UserError where it is not an audience
 */
export function storedAudience(expression: string): Audience {
  const { audience, complaints } = read(expression, {});
  if (audience === null) throw new UserError(`The audience cannot be read: ${complaints.join(' ')}`);
  return audience;
}

function read(written: string, known: Vocabulary): AudienceRead {
  if (written.trim() === 'everyone') return { audience: 'everyone', complaints: [] };
  const complaints: string[] = [];
  const reading: TermReading = {
    known,
    complain(message) {
      complaints.push(message);
      return null;
    },
  };
  const audience = readExpression(written, reading);
  if (audience === null || complaints.length > 0) return { audience: null, complaints };
  return { audience, complaints: [] };
}
