import { expect, test } from 'vitest';
import { localOf } from '../../src/core/calendar.ts';
import { planReminders } from '../../src/planning/reminders.ts';
import type { ProcessDefinition } from '../../src/process/process.ts';
import { outreachPhrases, plan } from '../support/plan.ts';

const STAGE = { id: 'ideas', title: 'Ideas', opens: '2027-02-01', closes: '2027-03-14' };
const reminders = (change: Partial<ProcessDefinition>) => planReminders(plan(change), outreachPhrases);
const when = (change: Partial<ProcessDefinition>) =>
  Object.fromEntries(
    reminders(change).map(({ origin, at }) => [origin.slice('reminder:'.length), localOf(at, 'Europe/Madrid')]),
  );

test('a stage is told of when it opens, in the morning or at its hour, and some days before it closes', () => {
  expect(when({ stages: [STAGE] })).toEqual({
    'stage_opens:ideas:2027-02-01': '2027-02-01T09:00',
    'stage_closes:ideas:2027-03-14': '2027-03-11T09:00',
  });
  expect(when({ stages: [{ ...STAGE, opens: '2027-02-01T18:00' }], reminders: { stageCloses: { days: 10 } } })).toEqual(
    {
      'stage_opens:ideas:2027-02-01T18:00': '2027-02-01T18:00',
      'stage_closes:ideas:2027-03-14': '2027-03-04T09:00',
    },
  );
  // One that is short is told of once.
  expect(Object.keys(when({ stages: [{ ...STAGE, closes: '2027-02-04' }] }))).toEqual(['stage_opens:ideas:2027-02-01']);
});

test('a stage with a draft is told of by its draft; switched off, by its opening', () => {
  const stages = [{ ...STAGE, document: 'https://example.org/draft.pdf' }];
  const [draft] = reminders({ stages });
  expect(draft).toMatchObject({
    origin: 'reminder:draft_out:ideas:2027-02-01',
    buttons: [{ url: 'https://example.org/draft.pdf' }, { flow: 'comment' }],
    texts: { en: 'The draft of the plan is out. Read it, and say what you think of it, until Sunday 14 March.' },
  });
  expect(reminders({ stages, reminders: { draftOut: false } })[0]?.origin).toBe(
    'reminder:stage_opens:ideas:2027-02-01',
  );
  expect(reminders({ stages, reminders: { draftOut: false, stageOpens: false, stageCloses: false } })).toEqual([]);
});

test('a meeting is told of a day before, while people are awake, to those who may come', () => {
  const at = (local: string) =>
    Object.values(when({ events: [{ id: 'm', title: 'Meeting', at: local }], reminders: { stageOpens: true } }))[0];
  expect(at('2027-02-04T18:00')).toBe('2027-02-03T18:00');
  expect(at('2027-02-04T07:00')).toBe('2027-02-03T09:00');
  expect(at('2027-02-04T22:00')).toBe('2027-02-03T20:00');
  expect(at('2027-02-04')).toBe('2027-02-03T09:00');
  // The clocks skip the hour of the day before.
  expect(at('2027-03-29T18:00')).toBe('2027-03-28T18:00');
  const event = { id: 'm', title: 'Meeting', at: '2027-02-04T18:00', what: 'Your questions' };
  expect(reminders({ events: [event] })).toMatchObject([
    {
      audience: 'attends("m")',
      event: 'm',
      buttons: [{ event: 'm' }],
      texts: { en: 'We meet soon: Meeting.\nYour questions' },
    },
  ]);
  expect(reminders({ events: [{ ...event, cancelled: true }] })).toEqual([]);
  expect(reminders({ events: [event], reminders: { eventTomorrow: false } })).toEqual([]);
});

test('own words take the place of ours in the languages in which they are, with their blanks filled', () => {
  const words = { en: '{days} days left of {title} ({day}) {x}' };
  const [, closes] = reminders({
    languages: ['en', 'es'],
    stages: [{ ...STAGE, title: { en: 'Ideas', es: 'Las ideas {title}' } }],
    reminders: { stageCloses: { texts: words } },
  });
  expect(closes?.texts).toEqual({
    en: '3 days left of Ideas (Sunday 14 March) {x}',
    es: 'Hasta el domingo 14 de marzo: Las ideas {title}. Todavía puede participar.',
  });
});
