import { phaseOf, spelled } from '../core/calendar.ts';
import type { ChannelName } from '../core/channelName.ts';
import { type Block, type OutboundMessage, say } from '../core/message.ts';
import type { Phrases } from '../core/phrases.ts';
import { questionAction, signAction } from '../core/signedButtons.ts';
import { textFor } from '../core/texts.ts';
import type { PersonRecord, PersonRecords } from '../people/record.ts';
import { recordFiles } from '../people/recordFiles.ts';
import type { RecordReader } from '../people/recordPage.ts';
import { invitations } from '../process/events/eventText.ts';
import type { ProcessDefinition } from '../process/process.ts';
import { hasMoreDates } from '../process/timeline.ts';
import type { Show, View } from './effects.ts';
import { newestCard, ownCards } from './mine.ts';
import type { OwnContributions, OwnPerson } from './own.ts';
import type { ProcessContext, ProcessView } from './processContext.ts';
import type { Identity } from './turn.ts';

export interface ViewsParts {
  own: OwnContributions;
  view: TimelineView;
  phrasesIn: (language: string) => Phrases;
  /** The headings of an answer. */
  frameIn: (language: string) => Phrases;
  platform: (channel: ChannelName) => string;
  people: Pick<PersonRecords, 'of'>;
  digest: (known: Identity, language: string) => Promise<View>;
  secret: string;
  clock: () => number;
}

interface ViewReader {
  key: string;
  zone: string | null;
  language: string;
  phrases: Phrases;
  secret: string;
  now: number;
}

type TimelineView = Pick<ProcessView, 'timeline' | 'processContext'>;

export function createViews(parts: ViewsParts): Show {
  const { own, view, people, digest, phrasesIn, frameIn, platform, secret, clock } = parts;
  return async (what, known, language) => {
    const phrases = phrasesIn(language);
    const reader = { key: known.key, zone: known.zone, language, phrases, secret, now: clock() };
    switch (what) {
      case 'digest':
        return digest(known, language);
      case 'timeline':
        return { messages: [await timelineMessage(view, reader)], dates: true };
      case 'meeting':
        return { messages: [await timelineMessage(view, reader, 'meeting')], dates: true };
      case 'dates':
        return { messages: [{ blocks: await view.timeline('whole', reader) }], dates: true };
      case 'questions':
        return { messages: [await openQuestions(own, view, known, reader)], dates: false };
      case 'mine':
        return {
          messages: await ownCards(own, { ...reader, ...known, language, timeZone: await zoneOf(view) }, 0),
          dates: false,
        };
      case 'newest':
        return { messages: await newestMessages(own, view, { ...reader, ...known, language }), dates: false };
      case 'record':
        return {
          messages: recordMessages(await people.of(known.contributorId), {
            ...{ language, phrases, frame: frameIn(language), platform, files: null },
            timeZone: await zoneOf(view),
          }),
          dates: false,
        };
      case 'privacy':
        return { messages: [privacyMessage(known.key, phrases, secret)], dates: false };
    }
  };
}

const privacyMessage = (key: string, phrases: Phrases, secret: string): OutboundMessage => ({
  blocks: [{ kind: 'text', text: phrases('privacy_words') }],
  choices: ['record', 'erase'].map((flow) => ({
    label: phrases(`privacy_${flow}`),
    data: signAction(secret, key, `flow:${flow}`),
  })),
});

/** Two files, each a message of its own. */
function recordMessages(record: PersonRecord, reader: RecordReader): OutboundMessage[] {
  const [toRead, ...others] = recordFiles(record, reader);
  const lead: Block[] = [{ kind: 'text', text: reader.phrases('record_sent') }];
  return [{ blocks: lead, ...(toRead && { file: toRead }) }, ...others.map((file) => ({ blocks: [], file }))];
}

/** The timeline in short, with a button for each of the next events that can be come to, and one for all of the dates. */
export async function timelineMessage(
  view: TimelineView,
  reader: ViewReader,
  extent: 'meeting' | 'short' = 'short',
): Promise<OutboundMessage> {
  const blocks = await view.timeline(extent, reader);
  const { process, processId } = await view.processContext();
  const { phrases, secret, key } = reader;
  const more = hasMoreDates(process)
    ? [{ label: phrases('dates_button'), data: signAction(secret, key, 'flow:dates') }]
    : [];
  const invited = invitations({ ...reader, process, processId });
  const choices = [...(extent === 'meeting' ? invited.slice(0, 1) : invited), ...more];
  return { blocks, ...(choices.length > 0 && { choices }) };
}

/** What they have given last, and when the forum answers it. */
async function newestMessages(
  own: OwnContributions,
  view: TimelineView,
  reader: ViewReader & Pick<OwnPerson, 'contributorId'>,
): Promise<OutboundMessage[]> {
  const { process, world } = await view.processContext();
  const by = world(reader.language, reader.now).process.hearBackBy ?? null;
  return newestCard(own, { ...reader, timeZone: process.timeZone }, by);
}

const zoneOf = async (view: TimelineView): Promise<string> => (await view.processContext()).process.timeZone;

/** Those that can be answered now, and whoever has `answered` these has not. */
export function questionsFor({ process, closed }: ProcessContext, answered: readonly string[], now: number) {
  const isOpen = ({ id, ...period }: ProcessDefinition['questions'][number]) =>
    !answered.includes(id) && phaseOf(period, process.timeZone, now) === 'open';
  return closed ? [] : process.questions.filter(isOpen);
}

/** Each with its button. */
async function openQuestions(
  own: OwnContributions,
  view: TimelineView,
  { contributorId }: Pick<OwnPerson, 'contributorId'>,
  { key, language, phrases, secret, now }: ViewReader,
): Promise<OutboundMessage> {
  const [around, answered] = await Promise.all([view.processContext(), own.answered(contributorId)]);
  const { process, processId } = around;
  const { timeZone, languages } = process;
  const open = questionsFor(around, answered, now);
  if (open.length === 0) return say(phrases('questions_none'));
  const number = (index: number) => (open.length > 1 ? `${index + 1}` : 'none');
  return {
    blocks: open.map(({ text, closes }, index): Block => {
      const words = `${open.length > 1 ? `${index + 1}. ` : ''}${textFor(text, language, languages)}`;
      const until = closes && phrases('question_until', { day: spelled(closes, { language, timeZone, now }) });
      return { kind: 'text', text: [words, until].filter(Boolean).join('\n') };
    }),
    choices: open.map(({ id }, index) => ({
      label: phrases('question_answer', { number: number(index) }),
      data: signAction(secret, key, questionAction(id, processId)),
    })),
  };
}
