import { expect, test } from 'vitest';
import { z } from 'zod';
import type { StoredMessage } from '../../src/core/message.ts';
import { readDraft } from '../../src/notices/file.ts';
import { ATTACHMENTS, BUTTONS, MESSAGES, NOTICE_ATTACHMENT, SCHEDULE } from '../../src/store/shapes.ts';

const NOTICE = { kind: 'announcement', audience: 'everyone', texts: 'Come' };
/** What the shape makes of a value that has been JSON. */
const again = (shape: z.ZodType, value: unknown) => shape.parse(JSON.parse(JSON.stringify(value)));

test.each([
  { at: '2027-03-28T09:00', zone: 'Europe/Madrid' },
  { stage: 'ideas', edge: 'closes', days: -3, time: '09:00' },
  { question: 'trust', edge: 'opens' },
  { event: 'opening', days: -1 },
  { every: 'day', time: '09:00', from: '2027-03-28', until: '2027-04-28', count: 3, zone: 'UTC' },
  { every: 'week', on: 'monday', time: '09:00' },
  { every: 'week', on: ['monday', 'friday'], time: '09:00' },
  { every: 'month', on: 31, time: '09:00' },
])('a schedule that an author may write is read again as it was: %j', (written) => {
  const { schedule } = readDraft({ ...NOTICE, schedule: written }, 'UTC');
  expect(again(SCHEDULE, schedule)).toEqual(schedule);
  expect(again(SCHEDULE, { ...schedule, moment: 'none' })).toEqual({ ...schedule, moment: 'none' });
});

test('buttons and what a notice brings are read again as they were', () => {
  const label = { en: 'More', es: 'Más' };
  const buttons = [
    { label, flow: 'idea' },
    { label, question: 'trust' },
    { label, event: 'opening' },
    { label: 'The plan', url: 'https://city.example/plan' },
    { event: 'opening' },
  ];
  expect(again(BUTTONS, buttons)).toEqual(buttons);
  for (const where of [{ file: 'abc' }, { url: 'https://city.example/plan.pdf' }]) {
    const attachment = { name: 'plan.pdf', mime: 'application/pdf', ...where };
    expect(again(NOTICE_ATTACHMENT, attachment)).toEqual(attachment);
  }
});

test('a message is read again with all that it can have', () => {
  const named = { name: 'opening.ics', mime: 'text/calendar' };
  const whole: Required<StoredMessage> = {
    blocks: [
      { kind: 'text', text: 'You said a bench', said: ['a bench'] },
      { kind: 'heading', text: 'Ideas' },
      { kind: 'quote', text: 'A bench in every park' },
    ],
    choices: [{ label: 'Yes', data: 'signed' }],
    links: [{ label: 'Open', url: 'https://t.me/bot' }],
    file: { ...named, text: 'BEGIN:VCALENDAR' },
    thread: '12',
    replyTo: '7',
    panel: { view: 'v', state: 's', language: 'en', title: 'Members', close: 'Close' },
  };
  const files = [whole.file, { ...named, url: 'https://city.example/a.ics' }, { ...named, base64: 'AAAA' }];
  for (const file of files) expect(again(MESSAGES, [{ ...whole, file }])).toEqual([{ ...whole, file }]);
  expect(again(MESSAGES, [{ blocks: [] }])).toEqual([{ blocks: [] }]);
});

test('what is not of the shape is refused', () => {
  const file = { kind: 'photo', ref: 'f', mime: null, name: null, size: 9, unique: 'u', messageId: '1' };
  expect(again(ATTACHMENTS, [file])).toEqual([file]);
  expect(() => again(ATTACHMENTS, [{ ...file, kind: 'film' }])).toThrow(z.ZodError);
  expect(() => again(BUTTONS, [{ label: 'More' }])).toThrow(z.ZodError);
  expect(() => again(SCHEDULE, { every: 'year', time: '09:00' })).toThrow(z.ZodError);
  expect(() => again(MESSAGES, [{ blocks: [{ kind: 'image' }] }])).toThrow(z.ZodError);
});
