import { describe, expect, test } from 'vitest';
import type { ProcessDefinition } from '../../src/process/process.ts';
import {
  brokenLink,
  canonical,
  leadOf,
  publicTimeline,
  type Snapshot,
  snapshotHash,
} from '../../src/process/publication.ts';
import { timelineChanges } from '../../src/process/timelineChanges.ts';
import { announcementText, changesText } from '../../src/process/timelineText.ts';
import { outreachPhrases, plan } from '../support/plan.ts';

const NOW = Date.parse('2027-01-20T12:00Z');
const STAGE = { id: 'ideas', title: 'Ideas', opens: '2027-02-01', closes: '2027-03-14' };
const MEETING = { id: 'm', title: 'Opening meeting', at: '2027-02-04T18:00' };
const QUESTION = { id: 'q', text: 'Why?', closes: '2027-03-14' };
const BASE = { stages: [STAGE], events: [MEETING], questions: [QUESTION], hearBackBy: '2027-06-30' };
const before = plan(BASE);

/** What somebody who knew the one reads of the other, line by line; null: nothing. */
function told(change: Partial<ProcessDefinition>, { now = NOW, language = 'en', from = before } = {}): string[] | null {
  const after = plan({ ...BASE, ...change });
  const changes = timelineChanges(from, after, now);
  const telling = { language, phrases: outreachPhrases(language), now };
  return changesText(changes, from, after, telling)?.split('\n').slice(2) ?? null;
}

describe('what is told of a changed timeline', () => {
  test('is each date that moves, old and new side by side', () => {
    expect(
      told({
        stages: [{ ...STAGE, opens: '2027-02-08', closes: '2027-03-21' }],
        events: [{ ...MEETING, at: '2027-02-11T18:00' }],
        questions: [{ ...QUESTION, closes: '2027-03-21' }],
        hearBackBy: '2027-07-31',
      }),
    ).toEqual([
      'New start of “Ideas”: Monday 8 February (was Monday 1 February)',
      'New end of “Ideas”: Sunday 21 March (was Sunday 14 March)',
      'New date of “Opening meeting”: Thursday 11 February at 18:00 (was Thursday 4 February at 18:00)',
      'New end of “Why?”: Sunday 21 March (was Sunday 14 March)',
      'New date by which you get your answer here: Saturday 31 July (was Wednesday 30 June)',
    ]);
  });

  test('is what is cancelled, gone, new, or takes place after all', () => {
    const workshop = { id: 'w', title: 'Workshop', at: '2027-04-01' };
    expect(told({ events: [{ ...MEETING, cancelled: true }, workshop] })).toEqual([
      'Cancelled: Opening meeting (Thursday 4 February at 18:00)',
      'New: Workshop, Thursday 1 April',
    ]);
    expect(told({ events: [], stages: [{ ...STAGE, id: 'other', title: 'Other' }] })).toEqual([
      'New: Other, Monday 1 February – Sunday 14 March',
      'No longer planned: Ideas (Monday 1 February – Sunday 14 March)',
      'No longer planned: Opening meeting (Thursday 4 February at 18:00)',
    ]);
    const off = plan({ ...BASE, events: [{ ...MEETING, cancelled: true }] });
    expect(told({}, { from: off })).toEqual(['Going ahead after all: Opening meeting, Thursday 4 February at 18:00']);
    expect(told({ events: [] }, { from: off })).toBe(null);
  });

  test('is another place or hour of a meeting that people know of', () => {
    const from = plan({ ...BASE, events: [{ ...MEETING, where: { en: 'Town hall', fr: 'Mairie' } }] });
    const events = [{ ...MEETING, at: '2027-02-04T19:30', where: { en: 'Library', fr: 'Bibliothèque' } }];
    expect(told({ events }, { from })).toEqual([
      'New time of “Opening meeting”: Thursday 4 February at 19:30 (was Thursday 4 February at 18:00)',
      'New place of “Opening meeting”: Library (was Town hall)',
    ]);
    expect(told({ events }, { from, now: Date.parse('2027-03-01T12:00Z') })).toBe(null);
    expect(timelineChanges(from, plan({ ...BASE, events }), NOW, ['m'])).toEqual([]);
  });

  test('is nothing where only words, the order, a place that is told for the first time, or the way to write a moment differ', () => {
    expect(
      told({
        name: 'The plan',
        stages: [{ ...STAGE, title: 'Your ideas', what: 'Send them', opens: '2027-02-01' }],
        events: [{ ...MEETING, at: '2027-02-04T18:00:00', where: 'Library', capacity: 3, duration: 'PT1H' }],
        questions: [
          { ...QUESTION, text: 'Why not?' },
          { id: 'new', text: 'And?', closes: '2027-04-01' },
        ],
        themes: [{ value: 'water', label: 'Water' }],
      }),
    ).toBe(null);
  });

  test('is not what is over already', () => {
    const now = Date.parse('2027-08-01T12:00Z');
    expect(
      told({ stages: [{ ...STAGE, closes: '2027-03-20' }], events: [{ ...MEETING, cancelled: true }] }, { now }),
    ).toBe(null);
    expect(told({ stages: [] }, { now })).toBe(null);
    expect(told({ stages: [{ ...STAGE, closes: '2027-08-20' }] }, { now })).toEqual([
      'New end of “Ideas”: Friday 20 August (was Sunday 14 March)',
    ]);
  });

  test('names both zones where the zone has changed, and no day for it', () => {
    const lines = told({ timeZone: 'Atlantic/Canary' });
    expect(lines).toEqual([expect.stringMatching(/at 18:00 \(Canary\) \(was .* at 18:00 \(Madrid\)\)$/)]);
  });

  test('says so where there was no date, or is none any more', () => {
    expect(told({ questions: [{ id: 'q', text: 'Why?' }] })).toEqual([
      'New end of “Why?”: no date (was Sunday 14 March)',
    ]);
  });

  test.each([
    ['en', 'Changes to “Plan”:', 'New start of “Ideas”: Monday 8 February (was Monday 1 February)'],
    ['es', 'Cambios en «Plan»:', 'Nuevo comienzo de «Ideas»: lunes 8 de febrero (antes: lunes 1 de febrero)'],
    ['fr', 'Changements dans « Plan » :', 'Nouveau début de « Ideas » : lundi 8 février (avant : lundi 1er février)'],
  ])('in %s', (language, intro, line) => {
    const after = plan({ ...BASE, stages: [{ ...STAGE, opens: '2027-02-08' }] });
    const telling = { language, phrases: outreachPhrases(language), now: NOW };
    expect(changesText(timelineChanges(before, after, NOW), before, after, telling)).toBe(`${intro}\n\n${line}`);
  });
});

test('a published timeline is announced in short, in the order of its dates, without what is cancelled', () => {
  const later = { id: 'z', title: 'Nothing', at: '2027-02-05', cancelled: true };
  const draft = { id: 'd', title: 'Draft', opens: '2027-05-10', closes: '2027-05-10' };
  const text = announcementText(plan({ ...BASE, stages: [draft, STAGE], events: [later, MEETING] }), {
    language: 'en',
    phrases: outreachPhrases('en'),
    now: NOW,
  });
  expect(text.split('\n')).toEqual([
    ...['The dates of “Plan” are public now.', '', '– Ideas: Monday 1 February to Sunday 14 March'],
    expect.stringMatching(/^– Opening meeting: Thursday 4 February at 18:00 /),
    ...['– Draft: Monday 10 May', '', 'Everyone who takes part gets an answer here by Wednesday 30 June.'],
  ]);
});

describe('what is kept of it', () => {
  test('names nobody who works on it, and is the same in whatever order it was written', () => {
    const process = plan({
      ...BASE,
      members: [{ id: 'ana', name: 'Ana', roles: ['organizer'] }],
      reminders: { draftOut: false },
    });
    const kept = canonical(publicTimeline(process));
    expect(kept).not.toMatch(/Ana|reminders/);
    expect(canonical(publicTimeline(Object.fromEntries(Object.entries(process).reverse()) as ProcessDefinition))).toBe(
      kept,
    );
  });

  test('is a chain in which no link can be changed, left out or put elsewhere unseen', () => {
    const chain: Snapshot[] = [];
    for (const number of [1, 2, 3]) {
      const record = {
        definition: publicTimeline(plan({ ...BASE, hearBackBy: `2027-06-0${number}` })),
        publishedAt: new Date(NOW + number),
        override: number === 1 ? 'Late' : null,
        by: null,
        before: chain.at(-1)?.hash ?? null,
      };
      chain.push({ ...record, number, process: 1, hash: snapshotHash(record) });
    }
    const [one, two, three] = chain as [Snapshot, Snapshot, Snapshot];
    expect(brokenLink(chain)).toBe(null);
    expect(brokenLink([one, three])).toBe('timeline 2 is missing');
    expect(brokenLink([two, three])).toBe('timeline 1 is missing');
    for (const change of [
      { override: null },
      { by: 'ana' },
      { publishedAt: new Date(NOW) },
      { definition: two.definition },
    ])
      expect(brokenLink([{ ...one, ...change }, two, three])).toBe('timeline 1 is not what was published');
    const forged = { ...two, definition: one.definition };
    expect(brokenLink([one, { ...forged, hash: snapshotHash(forged) }, three])).toBe(
      'timeline 3 does not follow the one before it',
    );
  });
});

test('two weeks are counted in days of the process, from its start or its first stage', () => {
  const lead = (at: string, change: Partial<ProcessDefinition> = {}) =>
    leadOf(plan({ ...BASE, ...change }), Date.parse(at));
  expect(lead('2027-01-18T22:59Z')).toEqual({ start: '2027-02-01', missing: 0, earliest: '2027-02-01' });
  expect(lead('2027-01-18T23:00Z')).toEqual({ start: '2027-02-01', missing: 1, earliest: '2027-02-02' });
  expect(lead('2027-01-18T12:00Z', { startsOn: '2027-01-25T09:00' })).toMatchObject({ missing: 7 });
  expect(lead('2027-01-18T12:00Z', { stages: [] })).toBe(null);
});
