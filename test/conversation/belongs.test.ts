import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  answerMeant,
  belongsTo,
  isAnswering,
  OBJECTING_MS,
  type Occasion,
  type Recent,
  type Subject,
} from '../../src/conversation/belongs.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 1_800_000_000_000;
/** Longer ago than anybody takes to type an answer. */
const LONG_AGO = fc.integer({ min: HOUR, max: 5 * DAY });

const name = fc.constantFrom('a', 'b', 'c');
const asking: fc.Arbitrary<Subject> = fc.oneof(
  name.map((id): Subject => ({ kind: 'thread', id, reference: `HB-${id}` })),
  name.map((id): Subject => ({ kind: 'response', id, reference: `HB-${id}`, words: id })),
  name.map((id): Subject => ({ kind: 'question', id, process: 1 })),
);
const ago = fc.integer({ min: -DAY, max: 5 * DAY });
const came: fc.Arbitrary<Recent> = fc.record({ at: ago.map((ms) => NOW - ms), subject: asking });
const given: fc.Arbitrary<Recent> = fc.record({
  at: ago.map((ms) => NOW - ms),
  subject: name.map((reference): Subject => ({ kind: 'contribution', reference })),
});
const said: fc.Arbitrary<Recent> = fc.record({
  at: ago.map((ms) => NOW - ms),
  subject: name.map((id): Subject => ({ kind: 'thread', id, reference: `HB-${id}` })),
  said: fc.constant(true as const),
});
const recent = fc.array(fc.oneof(came, given, said), { maxLength: 6 });
const open = fc.option(fc.record({ askedAt: LONG_AGO.map((ms) => NOW - ms), subject: fc.option(asking) }), {
  nil: null,
});
const occasion: fc.Arbitrary<Occasion> = fc.record({
  at: fc.constant(NOW),
  replyTo: fc.option(asking, { nil: null }),
  open,
  recent,
});

const holds = (check: (occasion: Occasion) => void) => fc.assert(fc.property(occasion, check), { numRuns: 500 });
const unanswered = (each: Occasion): Occasion => ({ ...each, replyTo: null });

test('whoever answers a message by the means of the platform speaks of that, whatever else has come', () =>
  holds((each) => {
    if (each.replyTo === null) return;
    const isOfOpen = JSON.stringify(each.open?.subject) === JSON.stringify(each.replyTo);
    expect(belongsTo(each, DAY)).toEqual(isOfOpen ? 'open' : each.replyTo);
  }));

test('whoever was asked a moment ago answers that', () =>
  holds((each) => {
    const asked = { ...unanswered(each), open: { askedAt: NOW - 60_000, subject: null } };
    expect(isAnswering(asked)).toBe(true);
    expect(belongsTo(asked, DAY)).toBe('open');
  }));

test('what came after the words, or too long before them, is not what they belong to', () =>
  holds((each) => {
    const inTime = each.recent.filter(({ at }) => at < NOW + 1_000 && NOW - at <= DAY);
    const of = unanswered(each);
    expect(belongsTo(of, DAY)).toEqual(belongsTo({ ...of, recent: inTime }, DAY));
  }));

test('in which order things are listed says nothing', () =>
  holds((each) => {
    const of = unanswered({
      ...each,
      recent: each.recent.filter(({ at }, n) => each.recent.findIndex((other) => other.at === at) === n),
    });
    expect(belongsTo({ ...of, recent: of.recent.toReversed() }, DAY)).toEqual(belongsTo(of, DAY));
  }));

test('the newest that asks for words gets them, and of several responses nobody knows which is meant', () =>
  holds((each) => {
    const newest: Recent = { at: NOW - 1, subject: { kind: 'question', id: 'new', process: 1 } };
    expect(
      belongsTo({ ...unanswered(each), recent: [...each.recent.filter(({ at }) => at < NOW - 1), newest] }, DAY),
    ).toEqual(newest.subject);
    const response: Recent = { at: NOW - 1, subject: { kind: 'response', id: 'new', reference: 'HB-N', words: '' } };
    const others = each.recent.filter(({ at }) => at < NOW - 1);
    const isAlone = !others.some(({ at, subject }) => subject.kind === 'response' && NOW - at <= DAY);
    expect(belongsTo({ ...unanswered(each), recent: [...others, response] }, DAY)).toEqual(
      isAlone ? response.subject : { kind: 'responses' },
    );
  }));

test('whoever has given something since is asked for nothing by what came before', () =>
  holds((each) => {
    const since: Recent = { at: NOW, subject: { kind: 'contribution', reference: 'HB-N' } };
    const before = each.recent.filter(({ at }) => at < NOW);
    expect(belongsTo({ ...unanswered(each), open: null, recent: [...before, since] }, DAY)).toBe('idea');
  }));

test('a question that has not been answered does not take what is said days later, and nothing else does', () =>
  holds((each) => {
    const days = each.recent.map((one) => ({ ...one, at: Math.min(one.at, NOW - 2 * DAY) }));
    expect(belongsTo({ ...unanswered(each), open: null, recent: days }, DAY)).toBe('idea');
  }));

const thread = (at: number, more: Partial<Recent> = {}): Recent => ({
  at: NOW - at,
  subject: { kind: 'thread', id: 'a', reference: 'HB-A' },
  ...more,
});
const of = (...things: Recent[]): Occasion => ({ at: NOW, replyTo: null, open: null, recent: things });

test.each([
  ['whoever has asked or objected goes on to something else', of(thread(60_000, { said: true })), 'idea'],
  ['unless they have been answered there', of(thread(HOUR, { said: true }), thread(2 * HOUR)), 'HB-A'],
  [
    'and their words there end what was asked before',
    of(thread(HOUR, { said: true }), { at: NOW - 2 * HOUR, subject: { kind: 'question', id: 'q', process: 1 } }),
    'idea',
  ],
])('%s', (_, each, expected) => {
  const found = belongsTo(each, DAY);
  expect(typeof found === 'object' && 'reference' in found ? found.reference : found).toBe(expected);
});

const response = (id: string, ms: number): Recent => ({
  at: NOW - ms,
  subject: { kind: 'response', id, reference: `HB-${id}`, words: id },
});
const answers = fc.array(
  fc.tuple(name, fc.integer({ min: -DAY, max: 90 * DAY })).map(([id, ms]) => response(id, ms)),
  { maxLength: 4 },
);

test('an objection is about the newest answer that came before it, or about one of those that came with it', () =>
  fc.assert(
    fc.property(answers, (came) => {
      const meant = answerMeant(NOW, came, DAY);
      const before = came.filter(({ at }) => at < NOW + 1_000 && NOW - at <= OBJECTING_MS);
      const newest = Math.max(...before.map(({ at }) => at));
      const together = before.filter(({ at }) => newest - at <= DAY).map(({ subject }) => JSON.stringify(subject));
      if (together.length === 0) expect(meant).toBeNull();
      else if (new Set(together).size > 1) expect(meant).toEqual({ kind: 'responses' });
      else expect(JSON.stringify(meant)).toBe(together[0]);
    }),
    { numRuns: 500 },
  ));

test('an answer is objected to after weeks, but not for ever', () => {
  expect(answerMeant(NOW, [response('a', 50 * DAY)], DAY)).toMatchObject({ id: 'a' });
  expect(answerMeant(NOW, [response('a', 61 * DAY)], DAY)).toBeNull();
});
