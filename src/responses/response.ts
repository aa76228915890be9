import type { ContributionKind } from '../contributions/contribution.ts';
import { insteadOfWords } from '../contributions/voice.ts';
import type { Attachment } from '../core/inbound.ts';
import type { Block, Choice, NoticeMessage } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { type Reply, replyAction } from '../core/signedButtons.ts';
import { shorten } from '../core/split.ts';
import { languageName } from '../core/texts.ts';
import { wellFormed } from '../core/wellFormed.ts';
import { DECISIONS, type DecisionKind, ELEMENTS, type Element } from './decision.ts';
import { elementFor, type Said } from './languages.ts';

/** Words that an MSF writes into the decision column, in lower case and without accents. */
const DECISION_WORDS: Record<DecisionKind, readonly string[]> = {
  inclusion: ['inclusion', 'include', 'included', 'incluida', 'incluido', 'incluir', 'inclus', 'incluse', 'inclure'],
  amendment: [
    ...['amendment', 'amend', 'amended', 'included with changes', 'enmienda', 'enmendada', 'enmendado', 'modificacion'],
    ...['modificada', 'modificado', 'incluida con cambios', 'amendement', 'amende', 'amendee', 'modification'],
    ...['modifie', 'modifiee', 'inclus avec modifications', 'incluse avec modifications'],
  ],
  rejection: [
    ...['rejection', 'reject', 'rejected', 'rechazo', 'rechazada', 'rechazado', 'rechazar'],
    ...['rejet', 'rejete', 'rejetee', 'rejeter'],
  ],
};

/** The decision that a word in English, Spanish or French names, whatever its case and accents; else null. */
export function decisionOf(word: string): DecisionKind | null {
  const folded = word.normalize('NFD').replace(/\p{M}/gu, '').trim().replace(/\s+/g, ' ').toLowerCase();
  return DECISIONS.find((decision) => DECISION_WORDS[decision].includes(folded)) ?? null;
}

/** Uniform line ends and no surrounding blanks: what a spreadsheet changes by itself is not a change of the text. */
export const normalized = (text: string): string => wellFormed(text).replace(/\r\n?/g, '\n').trim();

/** The elements that a draft still lacks; the same five for all three decisions (guidance, section 4). */
export const missingElements = (draft: Partial<Record<Element, string>>): Element[] =>
  ELEMENTS.filter((element) => normalized(draft[element] ?? '') === '');

/** One decision with everything that its contributor may read of it. */
export interface ResponseItem extends Said {
  id: string;
  reference: string;
  kind: ContributionKind;
  /** The contributor's own words in full; empty when there were only files. */
  text: string;
  attachments: Attachment[];
  /** The last answer on the same words that reached this reader. */
  earlier: Said | null;
  /** The message in which the reader objected to the earlier answer; left out: there is none. */
  replyTo?: string | null;
}

/** Signed button data for one person, see `signAction`. */
export type Signer = (action: string) => string;

/** With this many chats or more, a release can be called back for a while; to fewer, answers go at once. */
export const RELEASE_HELD_FROM = 51;

const LONGEST_QUOTE = 700;
const REPLIES: readonly Reply[] = ['clear', 'question', 'disagree', 'misunderstood'];

/**
 * One message for each decision, with its own buttons, after an overview when there are several.
 * @param how.goesOn earlier messages for the same reader have arrived
 * @param how.quoted left out where the words are shown above already
 */
export function responseMessages(
  items: readonly ResponseItem[],
  phrases: Phrases,
  sign: Signer,
  { goesOn = false, quoted = true }: { goesOn?: boolean; quoted?: boolean } = {},
): NoticeMessage[] {
  const answers = items.map((item) => ({
    blocks: [...itemBlocks(item, phrases, quoted), { kind: 'text' as const, text: phrases('response_invitation') }],
    choices: itemChoices(item, phrases, sign),
    responses: [item.id],
    ...(item.replyTo && { replyTo: item.replyTo }),
  }));
  return items.length > 1 && !goesOn ? [overview(items, phrases), ...answers] : answers;
}

function overview(items: readonly ResponseItem[], phrases: Phrases): NoticeMessage {
  const no = items.filter(({ decision }) => decision === 'rejection').length;
  const ideas = items.every(({ kind }) => kind === 'idea') ? 'yes' : 'no';
  return {
    blocks: [
      { kind: 'heading', text: phrases('response_overview', { yes: items.length - no, no, ideas }) },
      { kind: 'text', text: phrases('response_intro', { count: items.length }) },
    ],
  };
}

function itemBlocks(item: ResponseItem, phrases: Phrases, quoted: boolean): Block[] {
  return [
    { kind: 'heading', text: phrases(`response_decision_${item.decision}`, { kind: item.kind }) },
    ...(quoted ? quoteBlocks(item, phrases) : []),
    ...(item.earlier ? [{ kind: 'text' as const, text: differences(item, item.earlier, phrases) }] : []),
    ...ELEMENTS.flatMap((element) => elementBlocks(item, element, phrases)),
  ];
}

function quoteBlocks({ reference, text, attachments }: ResponseItem, phrases: Phrases): Block[] {
  const words = text.trim() === '' ? phrases('response_no_words', { length: insteadOfWords(attachments) }) : text;
  return [
    { kind: 'heading', text: phrases('response_heading', { reference }) },
    { kind: 'quote', text: shorten(words, LONGEST_QUOTE) },
  ];
}

/** Marks a text that is in none of its reader's languages. */
function elementBlocks(item: ResponseItem, element: Element, phrases: Phrases): Block[] {
  const { text, foreign } = elementFor(item, element, phrases.reader);
  const heading = phrases(`response_element_${element}`);
  const language = foreign && languageName(foreign, phrases.reader?.frame ?? foreign);
  return [
    {
      kind: 'heading',
      text: language ? phrases('response_element_in_language', { element: heading, language }) : heading,
    },
    { kind: 'text', text },
  ];
}

/** What is different, for a reader who knows the earlier answer, by the headings below. */
function differences(item: Said, earlier: Said, phrases: Phrases): string {
  const read = (said: Said, element: Element) => normalized(elementFor(said, element, phrases.reader).text);
  const changed = [
    ...(item.decision === earlier.decision ? [] : [phrases(`response_was_${earlier.decision}`)]),
    ...ELEMENTS.filter((element) => read(item, element) !== read(earlier, element)).map((element) =>
      phrases(`response_element_${element}`),
    ),
  ];
  if (changed.length === 0) return phrases('response_replaces');
  const lines = changed.map((each) => `– ${each}`);
  return [`${phrases('response_replaces')} ${phrases('response_different')}`, ...lines].join('\n');
}

const itemChoices = (item: ResponseItem, phrases: Phrases, sign: Signer): Choice[] =>
  REPLIES.map((reply) => ({
    label: phrases(`response_button_${reply}`),
    data: sign(replyAction(item.id, reply)),
  }));
