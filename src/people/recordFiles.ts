import type { Phrases } from '../core/phrases.ts';
import type { KeptRow, PersonRecord } from './record.ts';

/** A file of text, as it can be stored and sent. */
export interface TextFile {
  name: string;
  mime: string;
  text: string;
}

/** What is read of each part, in its order: the column, and the phrase that says what it is. */
const PARTS: Record<string, { heading: string; columns: [string, string][] }> = {
  identity: {
    heading: 'record_about',
    columns: [
      ...pairs('name', 'channel', 'address', 'language', 'zone', 'place'),
      ['stakeholder_group', 'record_group'],
      ['joined_at', 'record_since'],
    ],
  },
  consent_change: { heading: 'record_agreed', columns: [['at', 'record_when'], ...pairs('words')] },
  contribution: {
    heading: 'record_said',
    columns: [
      ...pairs('reference'),
      ['submitted_at', 'record_when'],
      ['text', 'record_words'],
      ['attribution_name', 'record_name'],
    ],
  },
  response: {
    heading: 'record_answers',
    columns: [
      ...pairs('reference'),
      ...['input', 'considered', 'influence', 'reason', 'beyond'].map((name): [string, string] => [name, '']),
    ],
  },
  thread_message: {
    heading: 'record_threads',
    columns: [
      ['at', 'record_when'],
      ['text', ''],
    ],
  },
  attendance: {
    heading: 'record_meetings',
    columns: [
      ['event', ''],
      ['answer', 'record_words'],
    ],
  },
  attachment: {
    heading: 'record_files',
    columns: [
      ['at', 'record_when'],
      ['size', 'record_size'],
    ],
  },
  delivery: {
    heading: 'record_messages',
    columns: [
      ['created_at', 'record_when'],
      ['kind', ''],
    ],
  },
};

function pairs(...names: string[]): [string, string][] {
  return names.map((name) => [name, `record_${name}`]);
}

/** The same twice: to read in a browser, and whole for programs. */
export function recordFiles(record: PersonRecord, phrases: Phrases, language: string): TextFile[] {
  return [
    { name: 'hearback.html', mime: 'text/html', text: page(record, phrases, language) },
    { name: 'hearback.json', mime: 'application/json', text: `${JSON.stringify(record, null, 2)}\n` },
  ];
}

function page(record: PersonRecord, phrases: Phrases, language: string): string {
  const title = escaped(phrases('record_title'));
  const parts = Object.entries(PARTS).flatMap(([name, { heading, columns }]) => {
    const rows = (record[name] ?? []).map((row) => item(row, columns, phrases, language)).filter((row) => row !== '');
    return rows.length === 0 ? [] : [`<h2>${escaped(phrases(heading))}</h2>`, ...rows];
  });
  return [
    `<!doctype html>\n<html lang="${escaped(language)}">\n<meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title>`,
    '<style>body{font:1rem/1.5 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}section{border-top:1px solid #ccc;padding:.5rem 0}p{margin:.2rem 0;white-space:pre-wrap;overflow-wrap:anywhere}</style>',
    `<h1>${title}</h1>`,
    `<p>${escaped(phrases('record_lead'))}</p>`,
    ...parts,
    '</html>\n',
  ].join('\n');
}

function item(row: KeptRow, columns: [string, string][], phrases: Phrases, language: string): string {
  const lines = columns.flatMap(([column, phrase]) => {
    const value = readable(row[column], language);
    if (value === '') return [];
    return [`<p>${phrase === '' ? '' : `<b>${escaped(phrases(phrase))}:</b> `}${escaped(value)}</p>`];
  });
  return lines.length === 0 ? '' : `<section>${lines.join('\n')}</section>`;
}

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

function readable(value: unknown, language: string): string {
  if (value === null || value === undefined) return '';
  const text = String(value);
  if (!MOMENT.test(text)) return text.trim();
  const shown = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const;
  return `${new Intl.DateTimeFormat(language, shown).format(new Date(text))} UTC`;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => ESCAPES[letter] ?? letter);
