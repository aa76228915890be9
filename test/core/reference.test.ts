import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeReference } from '../../src/core/reference.ts';

test('a reference holds no letter or digit that is mistaken for another', () => {
  const bytes = fc.uint8Array({ minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(bytes, (random) => {
      expect(makeReference(random)).toMatch(/^HB-[ACDEFGHJKMNPQRTWXY34679]{7}$/);
    }),
  );
});

test('the same bytes make the same reference, others another', () => {
  const bytes = (first: number) => Uint8Array.from({ length: 16 }, (_, index) => first + index);
  expect(makeReference(bytes(1))).toBe(makeReference(bytes(1)));
  expect(makeReference(bytes(1))).not.toBe(makeReference(bytes(2)));
});

/** Seeded, so that the sums below are the same in every run. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 24;
  };
}

test('in 200,000 references no letter comes more often than another, at any place', () => {
  const next = generator(20_270_115);
  const counts = Array.from({ length: 7 }, () => new Map<string, number>());
  const count = 200_000;
  for (let made = 0; made < count; made++) {
    const letters = makeReference(Uint8Array.from({ length: 16 }, next)).slice(3);
    for (const [place, letter] of [...letters].entries())
      counts[place]?.set(letter, (counts[place].get(letter) ?? 0) + 1);
  }
  for (const place of counts) {
    expect(place.size).toBe(23);
    const expected = count / 23;
    const chiSquare = [...place.values()].reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
    // 22 degrees of freedom: chance alone passes 60 once in 50,000; a letter by `byte % 23` gives about 200.
    expect(chiSquare).toBeLessThan(60);
  }
});
