import { createHash } from 'node:crypto';
import { followedBy, type Words } from '../contributions/parts.ts';
import type { Attachment } from '../core/inbound.ts';
import type { Choice } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { signAction } from '../core/signedButtons.ts';
import type { Amended } from './flow/events.ts';
import { cutOut } from './flow/last.ts';
import type { Offer } from './flow/source/schema.ts';
import { OFFERS } from './flow/source/schema.ts';
import type { Amendable, Recorded } from './turn.ts';

/** What a contribution is with that which was added to it; parts that stay as they were are left out. */
export function amendmentOf(before: Recorded, { words, rest, ...added }: Amended): Partial<Amendable> {
  const { text, parts } = followedBy(before, words, rest ? cutOut(before.text, rest) : undefined);
  const fields = { ...before.fields, ...added.fields };
  const others = parts.filter(({ field }) => field === undefined || !Object.hasOwn(added.fields, field));
  return {
    ...(words.text !== '' && { text }),
    ...((words.text !== '' || added.parts.length > 0) && { parts: [...others, ...added.parts] }),
    ...(Object.keys(added.fields).length > 0 && { fields }),
    ...(added.attachments.length > 0 && { attachments: [...before.attachments, ...added.attachments] }),
    ...(added.theme !== null && { theme: added.theme }),
    ...(added.attribution !== null && { attribution: added.attribution, attributionName: added.attributionName }),
  };
}

/** What a contribution is once its author has said it again: a voice message takes the place of all that was said before. */
export function saidAgain(before: Recorded, { text, parts }: Words, files: readonly Attachment[]): Partial<Amendable> {
  const isSpoken = files.some(({ kind }) => kind === 'voice');
  const kept = before.attachments.filter(({ kind }) => !isSpoken || kind !== 'voice');
  const fields = before.parts.filter(({ field }) => field !== undefined);
  return {
    ...((text !== '' || isSpoken) && { text, parts: [...parts, ...fields] }),
    ...(files.length > 0 && { attachments: [...kept, ...files] }),
  };
}

/** The buttons below a receipt; they work as long as the forum has not begun with it. */
export const offersOf = (
  offers: readonly Offer[],
  reference: string,
  key: string,
  phrases: Phrases,
  secret: string,
): Choice[] =>
  offers.map((offer) => ({
    label: phrases(`offer_${offer}`),
    data: signAction(secret, key, `add:${reference}:${offer}`),
  }));

/** Of the button that takes a file out again which was added without asking: it is another idea. */
export const apartAction = (reference: string, file: Attachment): string => `apart:${reference}:${markOf(file)}`;

/** The file of that action among those of its contribution. */
export const fileOf = (mark: string, files: readonly Attachment[]): Attachment | undefined =>
  files.find((file) => markOf(file) === mark);

/** A button holds little: platforms' names of files are too long for it. */
const markOf = ({ ref }: Attachment): string => createHash('sha256').update(ref).digest('base64url').slice(0, 10);

/** The contribution and what shall be added to it, of the action of such a button; null for every other. */
export function readOffer(action: string): { reference: string; offer: Offer } | null {
  const [, reference, what] = /^add:([\w-]+):(\w+)$/.exec(action) ?? [];
  const offer = OFFERS.find((each) => each === what);
  return reference !== undefined && offer ? { reference, offer } : null;
}
