import { filesAfter } from '../contributions/replacedFiles.ts';
import type { Attachment, Inbound } from '../core/inbound.ts';
import { say } from '../core/message.ts';
import { isUnseen } from '../core/unseen.ts';
import { codeIn } from '../people/member.ts';
import { done, type Interpretation, joined, readerOf, type TurnContext, tooLate } from './context.ts';
import { isRepeat, isRest, readLast, remembered, stored, withRest } from './flow/last.ts';
import { readSession } from './flow/session.ts';
import { MOST_TEXT } from './flow/steps/ask.ts';
import type { Sent } from './turn.ts';

/** Words are a member's code, the rest of what came before, or what the open question has to make something of. */
export async function spoken(content: Spoken, context: TurnContext): Promise<Interpretation> {
  const given = codeIn(content.text);
  if (given) {
    const { memberChat, known } = context;
    // To a question almost anything can be the answer.
    const isCode = given.named || (given.mixed && !readSession(known.session)?.open);
    const message = await (isCode ? memberChat.join : memberChat.joinBy)(readerOf(context), given.code);
    if (message) return joined(message, context);
  }
  return (await continued(content, context)) ?? { kind: 'input', input: content };
}

/** The rest of a text that was too long for one message, where what came before has gone for the record already. */
async function continued(content: Spoken, context: TurnContext): Promise<Interpretation | null> {
  const { own, known, base, phrase, language } = context;
  const last = readLast(known.session);
  const at = Date.parse(base.at);
  if (!isRest(last, at) || last.reference === undefined || isRepeat(last, content, at)) return null;
  const found = await own.find(known.contributorId, last.reference);
  const text = found && withRest(found.text, last, content.text);
  if (!text || found.state !== 'received' || text.length > MOST_TEXT) return null;
  const { reference } = last;
  const session = stored(readSession(known.session), {
    ...remembered(content, last.name, at, last.takenAt),
    reference,
  });
  return done({
    session,
    edits: [{ id: found.id, text, joined: true }],
    messages: [say(phrase('rest_added', language, { reference }))],
  });
}

type Spoken = Extract<Inbound['content'], { kind: 'text' }>;

/** The message of a contribution was edited on the platform, or so it says: the same words and file are not a change. */
export async function edited(content: Edited, context: TurnContext): Promise<Interpretation> {
  const { turns, known, phrase, language } = context;
  const contribution = await turns.openContribution(known.id, content.messageId);
  if (!contribution) return { kind: 'input', input: content };
  const { state, reference, id, text, attachments } = contribution;
  const words = newWords(contribution, content);
  const files = filesAfter(attachments, content);
  if (words === null && (files === null || isNothing(text, files))) return done();
  const tell = (...keys: string[]) => [say(keys.map((key) => phrase(key, language, { reference })).join('\n\n'))];
  if (state !== 'received') return done({ messages: [say(tooLate(state, phrase, language, reference))] });
  // A file that nobody can fetch never takes the place of one that is there.
  const fits = content.tooLarge === undefined;
  const told = [
    ...(words === null ? [] : ['edit_done']),
    ...(files ? [content.removed ? 'edit_file_removed' : fits ? 'edit_file_done' : 'edit_too_large'] : []),
  ];
  if (words === null && !fits) return done({ messages: tell(...told) });
  const edit = { id, text: words ?? text, ...(files && fits && { attachments: files }) };
  return done({ edits: [edit], messages: tell(...told) });
}

type Edited = Extract<Inbound['content'], { kind: 'edited' }>;

/** A contribution has words or a file. */
const isNothing = (text: string, files: readonly Attachment[]): boolean => isUnseen(text) && files.length === 0;

/** Null: they are as they were, or are not those of the contribution. */
function newWords({ messageId, text, attachments }: Sent, edited: Edited): string | null {
  if (messageId !== edited.messageId || edited.text.trim() === text.trim()) return null;
  return isNothing(edited.text, attachments) ? null : edited.text;
}
