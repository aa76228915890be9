import { isSigned } from './signedButtons.ts';

/**
 * The effect of pressing a button. `answered`: it was the answer to its question, of which no button counts any more.
 * `asked_again`: its question stands in a later message now, or is over. `done`: it alone has done its work; others go on
 * doing theirs.
 */
export type ButtonUse = 'answered' | 'asked_again' | 'done';

/** A pressed button, and the message under which it stands. */
export interface PressedButton {
  address: string;
  messageId: string;
  data: string;
  /** What the message shows, in the words of its platform. */
  shown: unknown;
}

/** What happens to a button once one under the same message was pressed. */
export type ButtonFate = 'stays' | 'ticked' | 'goes';

/** @param data of the button; null for one that only opens an address */
export function fateOf(
  { label, data }: { label: string; data: string | null },
  pressed: string,
  use: ButtonUse,
): ButtonFate {
  if (data === pressed) return use === 'asked_again' ? 'goes' : 'ticked';
  const isOfQuestion = data !== null && questionOf(data) === questionOf(pressed);
  if (!isOfQuestion || use === 'done') return 'stays';
  return use === 'answered' && label.startsWith(TICK) ? 'ticked' : 'goes';
}

/** `nonce:what`, as the engine makes them; signed buttons and those of menus belong to no question. */
const questionOf = (data: string): string => (isSigned(data) ? data : data.slice(0, data.indexOf(':') + 1) || data);

const TICK = '✓ ';

/** As a button that was pressed is shown; so are those that are picked of several. */
export const ticked = (label: string): string => (label.startsWith(TICK) ? label : TICK + label);
