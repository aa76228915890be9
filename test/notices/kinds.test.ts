import { expect, test } from 'vitest';
import { heldUntil, KINDS, kindsWhere, mayRun, WRITTEN_KINDS } from '../../src/notices/kinds.ts';

test('a notice file can have the kinds that organizers write, and no other', () => {
  expect(WRITTEN_KINDS).toEqual(['announcement', 'question', 'reminder', 'critical', 'closure']);
});

test('responses are the forum’s to release and stop, everything else the organizers’', () => {
  const runs = (role: 'organizer' | 'forum' | 'liaison') =>
    kindsWhere(() => true).filter((kind) => mayRun({ roles: [role] }, kind));
  expect(runs('forum')).toEqual(['response']);
  expect(runs('organizer')).toEqual(kindsWhere(({ runBy }) => runBy === 'organizer'));
  expect(runs('organizer')).toHaveLength(Object.keys(KINDS).length - 1);
  expect(runs('liaison')).toEqual([]);
});

test('only what is critical and the news of a seat wake people, and only what they asked for asks no preference', () => {
  expect(kindsWhere(({ urgent }) => urgent)).toEqual(['critical', 'seat']);
  expect(kindsWhere(({ asksNoPreference }) => asksNoPreference)).toEqual([
    'critical',
    'response',
    'event_change',
    'seat',
  ]);
});

test('a notice of organizers is always held, answers only to many, and what the calendar shows long before never', () => {
  const held = (kind: keyof typeof KINDS, chats: number) => heldUntil(kind, chats, 1_000, 120) > 1_000;
  expect([held('announcement', 0), held('response', 50), held('response', 51)]).toEqual([true, false, true]);
  expect(held('timeline_reminder', 1_000_000)).toBe(false);
});
