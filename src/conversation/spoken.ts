import { followedBy, wordsOf } from '../contributions/parts.ts';
import type { Inbound } from '../core/inbound.ts';
import { say } from '../core/message.ts';
import { codeIn } from '../people/member.ts';
import { done, type Interpretation, joined, readerOf, type TurnContext } from './context.ts';
import { cutOut, isRepeat, isRest, readLast, remembered, stored } from './flow/last.ts';
import { readUnfinished } from './flow/session.ts';
import { MOST_TEXT } from './flow/steps/ask.ts';
import { memberSpeaks } from './memberWords.ts';

/** Words are a member's code, the rest of what came before, or what the open question has to make something of. */
export async function spoken(content: Spoken, context: TurnContext): Promise<Interpretation> {
  const given = codeIn(content.text);
  if (given) {
    const { memberChat, session } = context;
    // To a question almost anything can be the answer.
    const isCode = given.named || (given.mixed && !session?.open);
    const message = await (isCode ? memberChat.join : memberChat.joinBy)(readerOf(context), given.code);
    if (message) return joined(message, context);
  }
  return (
    (await continued(content, context)) ?? (await memberSpeaks(content, context)) ?? { kind: 'input', input: content }
  );
}

/** The rest of a text that was too long for one message, where what came before has gone for the record already. */
async function continued(content: Spoken, context: TurnContext): Promise<Interpretation | null> {
  const { own, known, base, phrase, language } = context;
  const last = readLast(known.session);
  const at = Date.parse(base.at);
  // What is still gathered takes it up by itself.
  if (known.pacing.gathering?.receipt) return null;
  if (!isRest(last, at) || last.reference === undefined || isRepeat(last, content, at)) return null;
  const found = await own.find(known.contributorId, last.reference);
  if (found?.state !== 'received') return null;
  const words = followedBy(found, wordsOf(content.text, content.messageId), cutOut(found.text, last));
  if (words.text.length > MOST_TEXT) return null;
  const { reference } = last;
  const session = stored(
    context.session,
    {
      ...remembered(content, last.name, at, last.takenAt),
      reference,
    },
    readUnfinished(known.session),
  );
  return done({
    session,
    edits: [{ id: found.id, ...words }],
    messages: [say(phrase('rest_added', language, { reference }))],
  });
}

type Spoken = Extract<Inbound['content'], { kind: 'text' }>;
