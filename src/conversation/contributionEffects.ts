import { namedFiles } from '../contributions/namedFiles.ts';
import { voiceLength } from '../contributions/voice.ts';
import { type OutboundMessage, say } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { makeReference } from '../core/reference.ts';
import { signAction } from '../core/signedButtons.ts';
import { amendmentOf, apartAction, offersOf, saidAgain } from './amendments.ts';
import { tooLate } from './context.ts';
import type { Amended, Contributed, Edited } from './flow/events.ts';
import type { Offer } from './flow/source/schema.ts';
import { MOST_TEXT } from './flow/steps/ask.ts';
import type { AnswerTo } from './flow/types.ts';
import { gather, gatherMore } from './gathering.ts';
import { named } from './named.ts';
import type { OwnContributions } from './own.ts';
import { goOn, type ThreadTools } from './threadEffects.ts';
import type { Identity, NewContribution, Recorded, TurnWrite } from './turn.ts';

export interface ContributionTools extends ThreadTools {
  own: Pick<OwnContributions, 'find'>;
}

/** Stops the engine's further messages: there is nothing left that they could be about. */
export const STOPS = 'stops';
export type GoesOn = typeof STOPS | undefined;

export async function record(
  event: Contributed,
  write: TurnWrite,
  known: Identity,
  tools: ContributionTools,
): Promise<undefined> {
  const contribution = await newContribution(event, tools);
  write.contributions.push(contribution);
  if (!event.receipt) return;
  const { reference } = contribution;
  const receipt = withOffers(event.receipt.replaceAll('{reference}', reference), event.offers, reference, known, tools);
  gather({ reference, to: answerTo(contribution) }, receipt, event.gatherMs, write, tools);
}

function withOffers(
  text: string,
  offers: readonly Offer[],
  reference: string,
  { key }: Identity,
  { phrase, language, secret }: ContributionTools,
): OutboundMessage {
  const phrases: Phrases = (name, values) => phrase(name, language, values);
  const choices = offersOf(offers, reference, key, phrases, secret);
  return { ...say(text, choices.length > 0 ? choices : undefined), contribution: reference };
}

const answerTo = ({ kind }: Pick<NewContribution, 'kind'>): AnswerTo => (kind === 'idea' ? 'idea' : 'answer');

/** An addition that comes too late is refused with the reason, or recorded by itself where it can be. */
export async function amend(
  event: Amended,
  write: TurnWrite,
  known: Identity,
  tools: ContributionTools,
): Promise<GoesOn> {
  const { own, threads, phrase, language, detect, likely } = tools;
  const { reference, words, done, offers, instead } = event;
  const found = await own.find(known.contributorId, reference);
  const thread = found ? null : await threads.byReference(known.id, reference);
  if (thread) return goOn(thread, event, write, known, tools);
  if (found?.state !== 'received') {
    if (instead) return record(instead, write, known, tools);
    write.messages.push(say(tooLate(found?.state ?? 'triaged', phrase, language, reference)));
    return STOPS;
  }
  if (instead && found.text.length + words.text.length > MOST_TEXT) return record(instead, write, known, tools);
  gatherMore({ reference, to: answerTo(found) }, write, tools);
  const edit = { id: found.id, ...amendmentOf(found, event) };
  write.edits.push({
    ...edit,
    ...(words.text !== '' && edit.text && { language: await detect(edit.text, language, likely) }),
  });
  if (done !== null) write.messages.push(withOffers(done, offers, reference, known, tools));
  if (event.unasked) write.messages.push(addedUnasked(found, event, known, tools));
}

/** What was added, to what, and the way out. */
function addedUnasked(
  found: Recorded,
  { attachments }: Amended,
  { key }: Identity,
  { phrase, language, secret }: ContributionTools,
): OutboundMessage {
  const phrases: Phrases = (name, values) => phrase(name, language, values);
  const files = namedFiles(attachments, phrases, language) ?? '';
  const apart = attachments.map((file) => ({
    label: phrases('offer_idea'),
    data: signAction(secret, key, apartAction(found.reference, file)),
  }));
  const text = phrases('file_added', { files, named: named(found, phrases) });
  return { ...say(text, apart), contribution: found.reference };
}

async function newContribution(
  { contribution: said, pressed }: Contributed,
  { language, detect, likely, ids }: ContributionTools,
): Promise<NewContribution> {
  const written = pressed ? language : await detect(said.text, language, likely);
  return { ...said, id: ids.uuid(), reference: makeReference(ids.bytes(16)), language: written };
}

/** The forum may have begun with it since the person opened the list. */
async function changeable(
  reference: string,
  write: TurnWrite,
  known: Identity,
  { own, phrase, language }: ContributionTools,
): Promise<Recorded | null> {
  const found = await own.find(known.contributorId, reference);
  if (found?.state === 'received') return found;
  write.messages.push(say(tooLate(found?.state ?? 'triaged', phrase, language, reference)));
  return null;
}

export async function withdraw(
  { reference }: { reference: string },
  write: TurnWrite,
  known: Identity,
  tools: ContributionTools,
): Promise<undefined> {
  const found = await changeable(reference, write, known, tools);
  if (!found) return;
  write.edits.push({ id: found.id, withdrawn: true });
  write.messages.push(say(tools.phrase('withdraw_done', tools.language, { reference })));
}

/** What it says from now on, written or spoken; photos and documents stay with it. */
export async function change(
  { reference, words, files }: Edited,
  write: TurnWrite,
  known: Identity,
  tools: ContributionTools,
): Promise<undefined> {
  const found = await changeable(reference, write, known, tools);
  if (!found) return;
  // More of an album comes after its first photo.
  if (files.length > 0) gatherMore({ reference, to: answerTo(found) }, write, tools);
  write.edits.push({ id: found.id, ...saidAgain(found, words, files) });
  const voice = words.text === '' ? voiceLength(files) : 'none';
  const key = words.text !== '' ? 'edit_done' : voice === 'none' ? 'edit_file_done' : 'edit_voice_done';
  write.messages.push(say(tools.phrase(key, tools.language, { reference, voice })));
}
