import { z } from 'zod';
import type { Gathering, HeldBack, Pacing } from '../conversation/pacing.ts';
import type { UnsureReply } from '../conversation/turn.ts';
import { ATTACHMENT, type Shape } from '../core/attachmentShape.ts';
import type { Group, Inbound, InboundContent, Sender } from '../core/inbound.ts';
import { type PanelPlace, revived } from '../core/message.ts';
import { MESSAGES, SAID } from './shapes.ts';

// Updates in the inbox, and what a turn begins with; an earlier version of Hearback may have written them.

const SENDER: z.ZodType<Sender> = z.object({
  key: z.string(),
  channel: z.string(),
  address: z.string(),
  language: z.string().nullable(),
  zone: z.string().nullable().optional(),
  name: z.string().nullable(),
} satisfies Shape<Sender>);

type Kind = InboundContent['kind'];
type Content<K extends Kind> = Extract<InboundContent, { kind: K }>;

const GROUP = z.object({ key: z.string(), address: z.string(), title: z.string() } satisfies Shape<Group>);
const PANEL = z.object({ view: z.string(), state: z.string().optional() } satisfies Shape<PanelPlace>);
const ID = z.string().nullable();
const FORWARDED = z.union([z.literal(true), z.literal('some')]).optional();
const FILE = { attachment: ATTACHMENT, tooLarge: z.number().optional() };

/** One for each kind; a forgotten key would be dropped silently. */
const CONTENTS = {
  text: content('text', { text: z.string(), messageId: ID, forwarded: FORWARDED, cut: z.literal(true).optional() }),
  choice: content('choice', {
    data: z.string(),
    messageId: ID,
    panel: PANEL.optional(),
    shown: z.unknown().optional(),
  }),
  command: content('command', { name: z.string(), argument: z.string(), words: z.string().optional() }),
  media: content('media', {
    ...{ ...FILE, caption: z.string(), messageId: ID, album: z.string().optional(), forwarded: FORWARDED },
  }),
  edited: content('edited', {
    ...{ ...FILE, text: z.string(), messageId: z.string(), removed: z.array(z.string()).optional() },
    attachment: ATTACHMENT.optional(),
  }),
  form: content('form', { form: z.string(), fields: z.record(z.string(), z.string()) }),
  opened: content('opened', { place: z.literal('home') }),
  added: content('added', { group: GROUP }),
  removed: content('removed', { group: GROUP }),
  suggested: content('suggested', { text: z.string(), by: z.string() }),
  joined: content('joined', {}),
  left: content('left', {}),
  moved: content('moved', { address: z.string() }),
  timeout: content('timeout', { nonce: z.string() }),
  caught_up: content('caught_up', {}),
  reminded: content('reminded', {}),
  unsupported: content('unsupported', { what: z.string() }),
} satisfies { [K in Kind]: z.ZodType<Content<K>> };

function content<K extends Kind, S extends Shape<Omit<Content<K>, 'kind'>>>(kind: K, shape: S) {
  return z.object({ kind: z.literal(kind), ...shape });
}

const KINDS = Object.keys(CONTENTS) as Kind[];
const ENVELOPE = z.object({
  id: z.string(),
  sender: SENDER,
  content: z.looseObject({ kind: z.enum(KINDS) }),
  at: z.number(),
  thread: z.string().optional(),
  replyTo: z.string().optional(),
} satisfies Shape<Omit<Inbound, 'content'>> & { content: z.ZodType<{ kind: Kind }> });

/** @throws ZodError for what is not an update */
export function inboundOf(payload: unknown): Inbound {
  const { content: given, ...envelope } = ENVELOPE.parse(payload);
  return { ...envelope, content: CONTENTS[given.kind].parse(given) };
}

const GATHERING: z.ZodType<Gathering> = z.object({
  reference: z.string(),
  to: z.enum(['idea', 'answer', 'thread']).optional(),
  since: z.number(),
  quietMs: z.number(),
  due: z.number(),
  receipt: SAID.nullable(),
  givenAt: z.number().nullable(),
  album: z.string().nullable(),
} satisfies Shape<Gathering>);

const HELD: z.ZodType<HeldBack> = z.object({
  since: z.number(),
  due: z.number(),
  count: z.number(),
  recorded: z.number(),
  references: z.array(z.string()),
  messages: SAID,
} satisfies Shape<HeldBack>);

/** Where it cannot be read its person begins at rest: they are answered at once. */
export const PACING: z.ZodType<Pacing> = z
  .object({
    until: z.number(),
    held: HELD.nullable(),
    answerAt: z.number().nullable(),
    gathering: GATHERING.nullable().optional(),
    goneToldAt: z.number().optional(),
  } satisfies Shape<Pacing>)
  .catch({ until: 0, held: null, answerAt: null });

/** Of the replies as their deliveries hold them. */
export const UNSURE: z.ZodType<UnsureReply[]> = z.array(
  z.object({
    id: z.string(),
    messages: MESSAGES.transform((messages) => messages.map(revived)),
  } satisfies Shape<UnsureReply>),
);
