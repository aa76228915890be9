import { fieldOf, reworded } from '../contributions/parts.ts';
import { filesAfter } from '../contributions/replacedFiles.ts';
import type { Attachment, Inbound } from '../core/inbound.ts';
import { say } from '../core/message.ts';
import { isUnseen } from '../core/unseen.ts';
import { done, type Interpretation, type TurnContext, tooLate } from './context.ts';
import { editedInThread } from './threads.ts';
import type { Amendable, Recorded } from './turn.ts';

/** A message of a contribution was edited on the platform; the same words and file are not a change. */
export async function edited(content: Edited, context: TurnContext): Promise<Interpretation> {
  const { turns, known, phrase, language } = context;
  const contribution = await turns.contributionOf(known.id, content.messageId);
  if (!contribution) return (await editedInThread(content, context)) ?? { kind: 'input', input: content };
  const { state, reference, id, attachments } = contribution;
  const words = newWords(contribution, content);
  const files = filesAfter(attachments, content);
  if (words === null && (files === null || isNothing(contribution.text, files))) return done();
  const tell = (...keys: string[]) => [say(keys.map((key) => phrase(key, language, { reference })).join('\n\n'))];
  if (state !== 'received') return done({ messages: [say(tooLate(state, phrase, language, reference))] });
  // A file that cannot be fetched never replaces one that is there.
  const fits = content.tooLarge === undefined;
  const told = [
    ...(words === null ? [] : ['edit_done']),
    ...(files ? [content.removed ? 'edit_file_removed' : fits ? 'edit_file_done' : 'edit_too_large'] : []),
  ];
  if (words === null && !fits) return done({ messages: tell(...told) });
  const edit = { id, ...words, ...(files && fits && { attachments: files }) };
  return done({ edits: [edit], messages: tell(...told) });
}

type Edited = Extract<Inbound['content'], { kind: 'edited' }>;

/** A contribution has words or a file. */
const isNothing = (text: string, files: readonly Attachment[]): boolean => isUnseen(text) && files.length === 0;

/** Null: they are as they were, or there would be nothing left of the contribution. */
function newWords(before: Recorded, { messageId, text }: Edited): Partial<Amendable> | null {
  const field = fieldOf(before.parts, messageId);
  if (field !== null)
    return before.fields[field] === text || isUnseen(text) ? null : { fields: { ...before.fields, [field]: text } };
  const now = reworded(before, messageId, text);
  return now === null || isNothing(now.text, before.attachments) ? null : now;
}
