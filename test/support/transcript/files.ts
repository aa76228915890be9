import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { inColumns, written } from './compare.ts';
import { play } from './play.ts';
import { type Platform, readTranscript } from './read.ts';

const FOLDER = 'test/conversations';
/** Whoever writes a transcript has what the bot says filled in, and reads it. */
const isWriting = process.env.TRANSCRIPTS === 'write';

/** Holds every conversation of the folder on this platform. */
export function testTranscripts(platform: Platform): void {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.md'));
  for (const name of names.sort()) {
    const file = path.join(FOLDER, name);
    const text = readFileSync(file, 'utf8');
    const transcript = readTranscript(text, platform);
    if (!transcript.on.includes(platform)) continue;
    test(`${transcript.title} (${name})`, async () => {
      const { rows, failed } = await play(transcript, platform);
      if (rows.every(({ same }) => same) && !failed) return;
      if (isWriting && !failed && !text.includes('\n- On ')) fillIn(file, text, written(rows));
      else expect.fail(`${file} on ${platform}\n${inColumns(rows)}${failed ? `\n${failed.stack}` : ''}`);
    });
  }
}

function fillIn(file: string, text: string, entries: string): void {
  writeFileSync(file, `${text.slice(0, text.indexOf('\n- ') + 1)}${entries}\n`);
}
