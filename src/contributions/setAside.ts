import { commandLine } from '../core/commandLine.ts';
import { meant } from '../core/didYouMean.ts';
import { UserError } from '../core/errors.ts';
import { type OutboundMessage, say } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { signAction } from '../core/signedButtons.ts';
import { type Texts, textFor } from '../core/texts.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { ASIDE_REASONS } from './asideReasons.ts';

type Reasons = Pick<ProcessDefinition, 'setAside'>;

export const asideReasons = ({ setAside }: Reasons): string[] =>
  setAside?.map(({ value }) => value) ?? [...ASIDE_REASONS];

/** @throws UserError for one that is not published */
export function readReason(reason: string, process: Reasons): string {
  const reasons = asideReasons(process);
  if (reasons.includes(reason)) return reason;
  throw new UserError(
    `"${reason.slice(0, 40)}" is no reason to set anything aside. ${meant(reason.slice(0, 40), reasons)} \`${commandLine('process show')}\` shows the process that says them.`,
  );
}

/** What happened to somebody's words. */
export interface AsideNews {
  references: string[];
  /** Null: they count again. */
  reason: string | null;
}

const MOST_NAMED = 5;

/** As their author reads it, with a button for whoever meant it as a contribution. */
export function asideNews(
  { references, reason }: AsideNews,
  reader: { key: string; language: string | null },
  { phrases, secret, process }: { phrases: Phrases; secret: string; process: Reasons },
): OutboundMessage {
  const more = references.length - MOST_NAMED;
  const named = [...references.slice(0, MOST_NAMED), ...(more > 0 ? [`+${more}`] : [])].join(', ');
  const about = { count: references.length, references: named };
  if (reason === null) return say(phrases('aside_restored', about));
  const label = process.setAside?.find(({ value }) => value === reason)?.label;
  const why = label === undefined ? phrases(`aside_${reason}`) : labelFor(label, reader.language);
  const objects = signAction(secret, reader.key, `aside:${references[0] ?? ''}`);
  return say(phrases('aside_told', { ...about, reason: why }), [{ label: phrases('aside_object'), data: objects }]);
}

const labelFor = (label: Texts, language: string | null): string => textFor(label, language ?? '');
