import { z } from 'zod';
import type { Part } from '../contributions/parts.ts';
import { ATTACHMENT, type Shape } from '../core/attachmentShape.ts';
import type { Block, MessageRef, OutboundMessage, StoredMessage } from '../core/message.ts';
import type { NoticeAttachment, NoticeButton } from '../notices/notice.ts';
import type { StoredSchedule } from '../notices/schedule.ts';

// What is kept as JSON, as it is read again. These say what shape a value has; whether it makes sense was asked when it was
// written. Nothing of them loads a calendar: commands that only list do without one.

export const TEXTS = z.union([z.string(), z.record(z.string(), z.string())]);

export const BUTTONS: z.ZodType<NoticeButton[]> = z.array(
  z.union([
    z.object({ label: TEXTS, flow: z.string() }),
    z.object({ label: TEXTS, question: z.string() }),
    z.object({ label: TEXTS, event: z.string() }),
    z.object({ label: TEXTS, url: z.string() }),
    z.object({ event: z.string() }),
  ]),
);

const NAMED = { name: z.string(), mime: z.string() };

export const NOTICE_ATTACHMENT: z.ZodType<NoticeAttachment> = z.union([
  z.object({ ...NAMED, file: z.string() }),
  z.object({ ...NAMED, url: z.string() }),
]);

const WEEKDAY = z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);
const MEANT = { moment: z.string().optional() };
const BESIDE = { days: z.number().optional(), time: z.string().optional(), ...MEANT };
const EDGE = z.enum(['opens', 'closes']);
const AGAIN = {
  time: z.string(),
  zone: z.string().optional(),
  from: z.string().optional(),
  until: z.string().optional(),
  count: z.number().optional(),
  ...MEANT,
};

export const SCHEDULE: z.ZodType<StoredSchedule> = z.union([
  z.object({ every: z.literal('day'), ...AGAIN }),
  z.object({ every: z.literal('week'), on: z.union([WEEKDAY, z.array(WEEKDAY)]), ...AGAIN }),
  z.object({ every: z.literal('month'), on: z.number(), ...AGAIN }),
  z.object({ stage: z.string(), edge: EDGE, ...BESIDE }),
  z.object({ question: z.string(), edge: EDGE, ...BESIDE }),
  z.object({ event: z.string(), edge: z.literal('at'), ...BESIDE }),
  z.object({ at: z.string(), zone: z.string().optional(), ...MEANT }),
]);

export const ATTACHMENTS = z.array(ATTACHMENT);

export const PARTS: z.ZodType<Part[]> = z.array(
  z.object({
    messageId: z.string(),
    at: z.number(),
    length: z.number(),
    field: z.string().optional(),
  } satisfies Shape<Part>),
);

export const MESSAGE_REFS: z.ZodType<MessageRef[]> = z.array(
  z.object({
    ...{ chat: z.string(), id: z.string() },
    ...{ contribution: z.string().optional(), response: z.string().optional() },
  } satisfies Shape<MessageRef>),
);

const BLOCK: z.ZodType<Block> = z.union([
  z.object({ kind: z.literal('text'), text: z.string(), said: z.array(z.string()).optional() }),
  z.object({ kind: z.enum(['heading', 'quote']), text: z.string() }),
]);

const FILE = z.union([z.object({ ...NAMED, text: z.string() }), z.object({ ...NAMED, url: z.string() })]);

const MESSAGE = {
  blocks: z.array(BLOCK),
  choices: z.array(z.object({ label: z.string(), data: z.string() })).optional(),
  links: z.array(z.object({ label: z.string(), url: z.string() })).optional(),
  file: FILE.optional(),
  thread: z.string().optional(),
  replyTo: z.string().optional(),
  about: z.string().optional(),
  contribution: z.string().optional(),
  panel: z
    .object({
      view: z.string(),
      state: z.string().optional(),
      ...{ language: z.string(), title: z.string(), close: z.string() },
    })
    .optional(),
} satisfies Shape<OutboundMessage>;

/** What was made ready to be said, and is not a delivery yet. */
export const SAID: z.ZodType<OutboundMessage[]> = z.array(z.object(MESSAGE));

/** What a delivery brings. */
export const MESSAGES: z.ZodType<StoredMessage[]> = z.array(
  z.object({
    ...MESSAGE,
    file: z.union([FILE, z.object({ ...NAMED, base64: z.string() })]).optional(),
  } satisfies Shape<StoredMessage>),
);
