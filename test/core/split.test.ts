import { describe, expect, test } from 'vitest';
import { label } from '../../src/channels/slack/render.ts';
import { beginning, fitted, shorten, shortened, split } from '../../src/core/split.ts';

const FAMILY = '👨‍👩‍👧‍👦';
/** Long enough that whoever goes through all of it, character by character, has no memory left. */
const LONG = FAMILY.repeat(50_000);
const HEAPED = `a${'\u0301'.repeat(500_000)}`;

describe('a text that is longer than anybody writes', () => {
  test('is cut after so many characters as people see them', () => {
    expect(shortened(LONG, 64)).toBe(`${FAMILY.repeat(63)}…`);
    expect(shorten(LONG, 100)).toBe(`${FAMILY.repeat(99)}…`);
  });

  test('is cut to what a platform counts, between characters', () => {
    expect(fitted(LONG, 75)).toBe(`${FAMILY.repeat(6)}…`);
    expect(label(LONG).text).toBe(`${FAMILY.repeat(6)}…`);
    expect(label(LONG, 24).text).toBe(`${FAMILY.repeat(2)}…`);
  });

  test('is cut inside one character where that is longer than there is room', () => {
    for (const cut of [shortened(HEAPED, 64), fitted(HEAPED, 75), shorten(HEAPED, 100)]) {
      expect(cut).toMatch(/^a\u0301+…$/);
      expect(cut.length).toBeLessThan(5000);
    }
    expect(fitted('😀'.repeat(3), 4)).toBe('😀…');
  });

  test('is split into its pieces', () => {
    expect(split(LONG.slice(0, 110_000), 3000).every(({ text }) => text.startsWith(FAMILY))).toBe(true);
  });
});

test('what fits is left as it is, however many units its characters have', () => {
  const families = FAMILY.repeat(20);
  expect(shortened(families, 20)).toBe(families);
  expect(beginning(families, 20)).toBeNull();
  expect(fitted('word', 4)).toBe('word');
  expect(fitted('words', 4)).toBe('wor…');
});
