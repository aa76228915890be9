import type { Block, Choice, OutboundMessage } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { signAction } from '../core/signedButtons.ts';
import { shorten } from '../core/split.ts';
import { languageName } from '../core/texts.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { foreignTo } from './answerLanguages.ts';
import {
  type AnswerFile,
  type HeldThread,
  type ThreadKind,
  type ThreadState,
  type ThreadSubject,
  threadTerms,
} from './thread.ts';

/** What is done in a thread that its person hears of. */
export type ThreadEnd = { answered: string; files: readonly AnswerFile[] } | 'closed';

/** What the messages depend on of the thread. */
export interface ThreadOf extends Pick<HeldThread, 'kind' | 'reference'> {
  reader: Pick<HeldThread['reader'], 'key' | 'language' | 'messageId'>;
}

export interface ThreadSpeaking {
  phrasesIn(language: string | null): Phrases;
  process: Pick<ProcessDefinition, 'languages' | 'threads'>;
  secret: string;
}

/**
 * The messages to the person, in reply to their own words, followed by files; with a button to end the thread. An
 * answer in a language that they do not read is marked.
 */
export async function threadMessages(
  { kind, reference, reader }: ThreadOf,
  end: ThreadEnd,
  { phrasesIn, process, secret }: ThreadSpeaking,
): Promise<OutboundMessage[]> {
  const phrases = phrasesIn(reader.language);
  const { key, messageId } = reader;
  const below = messageId === null ? {} : { replyTo: messageId };
  if (end === 'closed') return [{ blocks: [text(phrases('thread_closed', { reference }))], ...below }];
  const foreign = await foreignTo(reader.language, end.answered, process.languages);
  const { goOnHours: hours } = threadTerms(process);
  const enough = { label: phrases('thread_enough'), data: signAction(secret, key, `h:${reference}`) };
  const answer: OutboundMessage = {
    blocks: [
      { kind: 'heading', text: inLanguage(phrases(`thread_answer_${kind}`, { reference }), foreign, phrases) },
      ...(end.answered === '' ? [] : [{ kind: 'text' as const, text: end.answered, said: [end.answered] }]),
      text(phrases('thread_more', { hours })),
    ],
    choices: [enough],
    ...below,
  };
  const files = end.files.map(({ name, mime, bytes }) => ({ blocks: [], file: { name, mime, bytes }, ...below }));
  return [answer, ...files];
}

function inLanguage(heading: string, foreign: string | null, phrases: Phrases): string {
  const language = foreign && languageName(foreign, phrases.reader?.frame ?? foreign);
  return language ? phrases('thread_in_language', { heading, language }) : heading;
}

/** What a member is told: the words, and nothing about the person. */
export interface ThreadTold {
  reference: string;
  kind: ThreadKind;
  text: string;
  /** "a voice message", where there are files. */
  files: string | null;
  about: ThreadSubject | null;
  /** What they had written before they changed it; null: nothing else. */
  before: string | null;
  state: ThreadState;
  day: string;
}

const MOST_QUOTED = 1500;
const MOST_ABOUT = 300;

/** The words that wait, with what they are about; the member answers by replying. */
export function threadTold(told: ThreadTold, phrases: Phrases, choices: Choice[]): OutboundMessage {
  return {
    blocks: [
      ...threadHead(told, phrases),
      text(phrases(told.state === 'open' ? 'thread_reply_here' : 'thread_answered_before', { day: told.day })),
    ],
    choices,
  };
}

/** The person has said that their words are an idea: nobody has to answer them here. */
export const threadTakenOut = (told: Omit<ThreadTold, 'day' | 'state'>, phrases: Phrases): OutboundMessage => ({
  blocks: [...threadHead(told, phrases), text(phrases('thread_taken_out'))],
});

export function threadHead(
  { reference, kind, text: words, files, about, before }: Omit<ThreadTold, 'day' | 'state'>,
  phrases: Phrases,
): Block[] {
  return [
    { kind: 'heading', text: phrases(`thread_title_${kind}`, { reference }) },
    ...(words.trim() === '' ? [] : [{ kind: 'quote' as const, text: shorten(words, MOST_QUOTED) }]),
    ...(files === null ? [] : [text(phrases('thread_files', { files }))]),
    ...earlierBlocks(before, phrases),
    ...(about === null
      ? []
      : [
          text(phrases('thread_about', { reference: about.reference, decision: phrases(`decided_${about.decision}`) })),
          { kind: 'quote' as const, text: shorten(about.text, MOST_ABOUT) },
        ]),
  ];
}

/** What the person had written before they changed it, in case somebody has read that. */
export const earlierBlocks = (before: string | null, phrases: Phrases): Block[] =>
  before === null
    ? []
    : [
        text(phrases('thread_was')),
        ...(before.trim() === '' ? [] : [{ kind: 'quote' as const, text: shorten(before, MOST_ABOUT) }]),
      ];

const text = (words: string): Block => ({ kind: 'text', text: words });
