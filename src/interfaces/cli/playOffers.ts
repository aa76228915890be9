import { offersOf, readOffer } from '../../conversation/amendments.ts';
import type { Amended, Contributed } from '../../conversation/flow/events.ts';
import type { Input } from '../../conversation/flow/types.ts';
import { type Choice, type OutboundMessage, say } from '../../core/message.ts';
import type { Phrases } from '../../core/phrases.ts';
import { readAction } from '../../core/signedButtons.ts';

/** Nobody but the person who plays presses these. */
const SIGNED = { secret: 'play', key: 'play' };

/** What the button of a question means to the engine, or one below a receipt to the application. */
export function pressed({ data }: Choice): Input {
  const offer = readOffer(readAction(SIGNED.secret, SIGNED.key, data) ?? '');
  if (!offer) return { kind: 'choice', data };
  return { kind: 'begin', flow: 'add', answers: { reference: offer.reference, what: offer.offer } };
}

/** The receipt with what can be added by its buttons. */
export function receiptOf(
  { receipt, offers }: Contributed,
  reference: string,
  phrases: Phrases,
): OutboundMessage | null {
  if (receipt === null) return null;
  const choices = offersOf(offers, reference, SIGNED.key, phrases, SIGNED.secret);
  return say(receipt.replaceAll('{reference}', reference), choices.length > 0 ? choices : undefined);
}

/** In brackets. */
export function added({ reference, words, attachments, fields, theme, attribution, attributionName }: Amended): string {
  const facts = [
    words.text === '' ? '' : `“${words.text}”`,
    ...Object.entries(fields).map(([name, value]) => `${name} “${value}”`),
    attachments.length === 0 ? '' : `files: ${attachments.length}`,
    theme === null ? '' : `theme ${theme}`,
    attribution === null ? '' : attribution === 'nobody' ? 'no name shown' : `${attribution}: ${attributionName}`,
  ];
  return `(Added to ${reference}: ${facts.filter(Boolean).join(', ')})`;
}
