import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openFlowRegistry } from '../../src/conversation/flow/source/load.ts';
import type { Flow } from '../../src/conversation/flow/source/schema.ts';
import { loadPhrases } from '../../src/core/loadPhrases.ts';
import { createPlay } from '../../src/interfaces/cli/play.ts';
import { recorder } from '../../src/interfaces/cli/recorder.ts';
import { parseProcess } from '../../src/process/process.ts';
import { temporaryFolder } from '../support/ownServer.ts';
import { play } from '../support/transcript/play.ts';
import { PLATFORMS, readTranscript } from '../support/transcript/read.ts';

test('what flows play has recorded is a transcript that holds on every platform', async () => {
  const file = path.join(await temporaryFolder(), 'topics.md');
  const registry = await openFlowRegistry('flows');
  const flow = registry.get('topics') as Flow;
  const process = parseProcess(await readFile('flows/example.process.yaml', 'utf8'), 'example.process.yaml');
  const phrasesIn = await loadPhrases('flows/chat.yaml');
  const heard = recorder({ file, flow, language: 'fr' });
  const rehearsal = createPlay({ registry, flow, language: 'fr', process, phrasesIn, heard });
  await rehearsal.begin();
  await rehearsal.take('#1');
  const text = await readFile(file, 'utf8');
  expect(text).toContain('People: Ann (fr, agreed)\n\n- Ann: /topics\n- Bot: ');
  expect(text).toContain('\n- Ann presses [Tout]\n- Bot: ');
  for (const platform of PLATFORMS) {
    const { rows, failed } = await play(readTranscript(text, platform), platform);
    expect({ failed, other: rows.filter(({ same }) => !same) }).toEqual({ failed: null, other: [] });
  }
});
