import type { PersonRecord } from './record.ts';
import { type RecordReader, recordPage } from './recordPage.ts';

/** A file of text, as it can be stored and sent. */
export interface TextFile {
  name: string;
  mime: string;
  text: string;
}

/** The same twice: to read in a browser, and whole for programs. */
export const recordFiles = (record: PersonRecord, reader: RecordReader): TextFile[] => [
  { name: 'hearback.html', mime: 'text/html', text: recordPage(record, reader) },
  { name: 'hearback.json', mime: 'application/json', text: `${JSON.stringify(record, null, 2)}\n` },
];
