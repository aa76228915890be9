import type { ChannelName } from '../core/channelName.ts';
import type { Phrases } from '../core/phrases.ts';
import { languageName, type Texts, textFor } from '../core/texts.ts';
import type { KeptRow, PersonRecord } from './record.ts';

/** Whoever reads what is held about a person, and how things are named for them. */
export interface RecordReader {
  language: string;
  /** Of the process: it holds where the person has none of their own. */
  timeZone: string;
  /** Of chat.yaml. */
  phrases: Phrases;
  /** Of notices.yaml: the headings of an answer. */
  frame: Phrases;
  platform(channel: ChannelName): string;
  /** The names under which the person's files lie beside the page, by id; null: they are in the chat. */
  files: ReadonlyMap<string, string> | null;
}

/** What a value is, where that has to be said, and the value. */
type Line = [label: string | null, value: string];

function aboutLines(row: KeptRow, reader: RecordReader): Line[] {
  const { language, timeZone, phrases, platform } = reader;
  const group = text(row.stakeholder_group);
  return [
    [phrases('record_name'), text(row.name)],
    [phrases('record_channel'), platform(text(row.channel))],
    [phrases('record_language'), row.language ? languageName(text(row.language), language) : ''],
    [phrases('record_zone'), zoneName(timeZone, language)],
    [phrases('record_place'), text(row.place)],
    [phrases('record_group'), group && phrases('record_group_name', { group })],
    [phrases('record_since'), moment(row.joined_at, reader)],
  ];
}

const choiceLines = (row: KeptRow, reader: RecordReader): Line[] => [
  [null, reader.phrases('record_choice', { change: text(row.change) })],
  [reader.phrases('record_words'), text(row.words)],
  [reader.phrases('record_when'), moment(row.at, reader)],
];

const contributionLines = (row: KeptRow, reader: RecordReader): Line[] => [
  [null, nameOf(row, reader)],
  [reader.phrases('record_state'), reader.phrases(`state_${row.state}`)],
  [reader.phrases('record_when'), moment(row.submitted_at, reader)],
  [reader.phrases('record_words'), text(row.text)],
  [reader.phrases('record_name'), text(row.attribution_name)],
];

const ELEMENTS = ['input', 'considered', 'influence', 'reason', 'beyond'];

/** As in the message that brought it: the decision first, then each element below its heading. */
const answerLines = (row: KeptRow, reader: RecordReader): Line[] => [
  [null, nameOf(row, reader)],
  [null, reader.frame(`response_decision_${row.decision}`, { kind: text(row.kind) })],
  ...ELEMENTS.map((name): Line => [reader.frame(`response_element_${name}`), text(row[name])]),
];

const nameOf = (row: KeptRow, { phrases }: RecordReader): string =>
  phrases('mine_card', { kind: text(row.kind), reference: text(row.reference) });

const threadLines = (row: KeptRow, reader: RecordReader): Line[] => [
  [reader.phrases(row.by === null ? 'record_words' : 'record_answer'), text(row.text)],
  [reader.phrases('record_when'), moment(row.at, reader)],
];

const meetingLines = (row: KeptRow, reader: RecordReader): Line[] => [
  [null, row.title ? textFor(row.title as Texts, reader.language) : text(row.event)],
  [null, reader.phrases('record_coming', { answer: text(row.answer) })],
  [reader.phrases('record_when'), moment(row.at, reader)],
];

const fileLines = (row: KeptRow, reader: RecordReader): Line[] => [
  [null, reader.files?.get(text(row.id)) ?? ''],
  [reader.phrases('record_when'), moment(row.at, reader)],
  [reader.phrases('record_size'), row.size === null ? '' : sizeOf(Number(row.size), reader.language)],
];

/** Replies of the bot are of no kind, and keep no words. */
const noticeLines = (row: KeptRow, reader: RecordReader): Line[] =>
  row.kind === null
    ? []
    : [
        [null, reader.phrases('record_notice', { kind: text(row.kind) })],
        [reader.phrases('record_when'), moment(row.created_at, reader)],
      ];

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value).trim());

function moment(value: unknown, { language, timeZone }: RecordReader): string {
  if (value === null || value === undefined) return '';
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(
    new Date(String(value)),
  );
}

/** `Central European Time`. */
function zoneName(timeZone: string, language: string): string {
  const parts = new Intl.DateTimeFormat(language, { timeZone, timeZoneName: 'longGeneric' }).formatToParts();
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}

function sizeOf(bytes: number, language: string): string {
  const [unit, size] = bytes < 1e6 ? ['kilobyte', bytes / 1e3] : ['megabyte', bytes / 1e6];
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumSignificantDigits: 2 }).format(size);
}

/** By what it is kept in, in the order in which it is read. What people have no use for is in the file for programs only. */
const PARTS: Record<string, { heading: string; lines(row: KeptRow, reader: RecordReader): Line[] }> = {
  identity: { heading: 'record_about', lines: aboutLines },
  consent_change: { heading: 'record_agreed', lines: choiceLines },
  contribution: { heading: 'record_said', lines: contributionLines },
  response: { heading: 'record_answers', lines: answerLines },
  thread_message: { heading: 'record_threads', lines: threadLines },
  attendance: { heading: 'record_meetings', lines: meetingLines },
  attachment: { heading: 'record_files', lines: fileLines },
  delivery: { heading: 'record_messages', lines: noticeLines },
};

const STYLE =
  'body{font:1rem/1.5 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}section{border-top:1px solid #ccc;padding:.5rem 0}' +
  'p{margin:.2rem 0;white-space:pre-wrap;overflow-wrap:anywhere}';

/** What is held about a person, as a page that is read in a browser or on paper. */
export function recordPage(record: PersonRecord, reader: RecordReader): string {
  const { language, phrases, files } = reader;
  const own = { ...reader, timeZone: text(record.identity?.[0]?.zone) || reader.timeZone };
  const title = escaped(phrases('record_title'));
  return [
    `<!doctype html>\n<html lang="${escaped(language)}">\n<meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title>`,
    `<style>${STYLE}</style>`,
    `<h1>${title}</h1>`,
    `<p>${escaped(phrases('record_lead', { files: files === null ? 'chat' : 'folder' }))}</p>`,
    ...Object.keys(PARTS).flatMap((name) => partOf(name, record, own)),
    '</html>\n',
  ].join('\n');
}

function partOf(name: string, record: PersonRecord, reader: RecordReader): string[] {
  const part = PARTS[name];
  const sections = (record[name] ?? []).flatMap((row) => sectionOf(part?.lines(row, reader) ?? []));
  return part && sections.length > 0 ? [`<h2>${escaped(reader.phrases(part.heading))}</h2>`, ...sections] : [];
}

function sectionOf(lines: Line[]): string[] {
  const shown = lines.filter(([, value]) => value !== '');
  return shown.length === 0 ? [] : [`<section>${shown.map(paragraph).join('\n')}</section>`];
}

const paragraph = ([label, value]: Line): string =>
  `<p>${label === null ? '' : `<b>${escaped(label)}${label.endsWith('?') ? '' : ':'}</b> `}${escaped(value)}</p>`;

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (words: string): string => words.replace(/[&<>"]/g, (letter) => ESCAPES[letter] ?? letter);
