import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Pacing } from '../../src/conversation/pacing.ts';
import type { Inbound, InboundContent } from '../../src/core/inbound.ts';
import { type StoredMessage, say } from '../../src/core/message.ts';
import { readDraft } from '../../src/notices/file.ts';
import { inboundOf, PACING, UNSURE } from '../../src/store/inboxShapes.ts';
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
    contribution: 'HB-1',
    about: 'thread',
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

const ATTACHED = { kind: 'voice', ref: 'r', mime: 'audio/ogg', name: null, size: 9, seconds: 3, unique: 'u' } as const;
const GROUP = { key: 'telegram:1:-5', address: '-5', title: 'Neighbours' };
const SAYS: { [Kind in InboundContent['kind']]: Required<Extract<InboundContent, { kind: Kind }>> } = {
  text: { kind: 'text', text: 'Plant trees', messageId: '5', forwarded: 'some', cut: true },
  choice: { kind: 'choice', data: 'x', messageId: null, panel: { view: 'v', state: 's' }, shown: { text: 'x' } },
  command: { kind: 'command', name: 'start', argument: 'poster', words: 'hearback start' },
  media: {
    ...{ kind: 'media', attachment: ATTACHED, caption: '', messageId: '6', album: 'a', forwarded: true, tooLarge: 20 },
  },
  edited: { kind: 'edited', text: '', messageId: '6', attachment: ATTACHED, tooLarge: 20, removed: ['u'] },
  form: { kind: 'form', form: 'idea', fields: { idea: 'Plant trees' } },
  opened: { kind: 'opened', place: 'home' },
  added: { kind: 'added', group: GROUP },
  removed: { kind: 'removed', group: GROUP },
  suggested: { kind: 'suggested', text: 'Plant trees', by: 'Ben' },
  joined: { kind: 'joined' },
  left: { kind: 'left' },
  moved: { kind: 'moved', address: '-6' },
  timeout: { kind: 'timeout', nonce: 'n' },
  caught_up: { kind: 'caught_up' },
  reminded: { kind: 'reminded' },
  unsupported: { kind: 'unsupported', what: 'poll' },
};

test.each(Object.values(SAYS))('what waits of kind $kind is read again as it came', (content) => {
  const sender = { key: 'telegram:1:2', channel: 'telegram', address: '2', language: 'en', zone: null, name: 'Ann' };
  const inbound: Inbound = { id: 'telegram:1:9', sender, content, at: 1, thread: '12', replyTo: '7' };
  expect(inboundOf(JSON.parse(JSON.stringify(inbound)))).toEqual(inbound);
});

test('what waits and is no update is refused, so that it is put aside', () => {
  expect(() => inboundOf({ id: 'telegram:1:9', content: { kind: 'text' } })).toThrow('sender');
  expect(() => inboundOf({ ...SAYS.text, sender: {}, at: 1 })).toThrow();
});

test('a pace is read again with all that waits in it; one that cannot be read is none', () => {
  const messages = [say('Recorded', [{ label: 'Add', data: 'signed' }])];
  const pacing: Required<Pacing> = {
    until: 5,
    answerAt: 9,
    held: { since: 1, due: 9, count: 3, recorded: 1, references: ['HB-A'], messages },
    gathering: {
      reference: 'HB-A',
      to: 'thread',
      since: 1,
      quietMs: 4,
      due: 9,
      receipt: messages,
      givenAt: null,
      album: 'a',
    },
    goneToldAt: 7,
  };
  expect(again(PACING, pacing)).toEqual(pacing);
  expect(again(PACING, { until: 'soon' })).toEqual({ until: 0, held: null, answerAt: null });
});

test('a reply in doubt is said again with the bytes of its file', () => {
  const file = { name: 'a.png', mime: 'image/png', base64: 'AAAA' };
  expect(again(UNSURE, [{ id: '1', messages: [{ blocks: [], file }] }])).toEqual([
    { id: '1', messages: [{ blocks: [], file: { name: 'a.png', mime: 'image/png', bytes: Buffer.alloc(3) } }] },
  ]);
});

test('a button that stands under no message, on Home for instance, is read as well', () => {
  const sender = { key: 'slack:T:U', channel: 'slack', address: '', language: null, name: null };
  const pressed = { id: 'slack:T:1', sender, content: { kind: 'choice', data: 'x', messageId: null }, at: 1 };
  expect(inboundOf(pressed)).toEqual(pressed);
});
