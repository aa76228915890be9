import type { OutboundMessage } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { signAction } from '../core/signedButtons.ts';
import type { DecisionKind } from './decision.ts';

/** A proposal that another member rejected. */
export interface Rejected {
  reference: string;
  decision: DecisionKind;
  /** Who rejected it. */
  name: string;
  /** Their reason; empty: none given. */
  why: string;
  /** Others can still confirm it. */
  stands: boolean;
}

/** The message to its proposer, with a button to go on from what they wrote. */
export function rejectedNews(
  { reference, decision, name, why, stands }: Rejected,
  key: string,
  { phrases, secret }: { phrases: Phrases; secret: string },
): OutboundMessage {
  return {
    blocks: [
      { kind: 'text', text: phrases(why === '' ? 'decide_rejected_bare' : 'decide_rejected_why', { name, reference }) },
      ...(why === '' ? [] : [{ kind: 'quote' as const, text: why }]),
      { kind: 'text', text: phrases(stands ? 'decide_stands' : 'decide_kept') },
    ],
    choices: [{ label: phrases('decide_go_on'), data: signAction(secret, key, `m:d:${reference}:${decision}`) }],
  };
}
