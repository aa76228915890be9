import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { FlowRegistry } from '../../../src/conversation/flow/flowRegistry.ts';
import { openFlowRegistry } from '../../../src/conversation/flow/source/load.ts';
import { loadPhrases } from '../../../src/core/loadPhrases.ts';
import { createPlay, type Play } from '../../../src/interfaces/cli/play.ts';
import { DEFAULT_PROCESS, type ProcessDefinition, parseProcess } from '../../../src/process/process.ts';

const phrasesIn = await loadPhrases('flows/chat.yaml');
const EXAMPLE = 'flows/example.process.yaml';
let registry: FlowRegistry;
let example: ProcessDefinition;
beforeAll(async () => {
  registry = await openFlowRegistry('flows');
  example = parseProcess(await readFile(EXAMPLE, 'utf8'), EXAMPLE);
});

interface Given {
  language?: string;
  process?: ProcessDefinition;
  given?: Record<string, string>;
}

function play(id: string, { language = 'en', process = example, given }: Given = {}): Play {
  let seed = 0;
  const bytes = (count: number) => Uint8Array.from({ length: count }, () => (seed = (seed * 13 + 7) % 256));
  const flow = registry.get(id);
  if (!flow) throw new Error(`There is no flow ${id}`);
  const ids = { uuid: () => 'id', bytes };
  return createPlay({
    registry,
    flow,
    language,
    process,
    phrasesIn,
    clock: () => Date.UTC(2027, 1, 3),
    ids,
    ...(given && { given }),
  });
}

async function last(talk: Play, ...typed: string[]): Promise<string> {
  let said = await talk.begin();
  for (const line of typed) said = await talk.take(line);
  return said;
}

test('an idea is told to its end, and what is added to it by the buttons of its receipt', async () => {
  const talk = play('idea', { language: 'es' });
  const sent = await last(talk, 'Buses los domingos');
  expect(sent).toMatch(/\(The forum gets: idea HB-\w{7}, no name shown, “Buses los domingos”\)/);
  const reference = /HB-\w{7}/.exec(sent)?.[0];
  expect(sent).toContain(
    `registrada como ${reference}. El foro le responderá aquí a más tardar el 30 de junio de 2027.\n  #1 Añadir detalles`,
  );
  expect(sent).toContain('The conversation is over. /start begins again');
  expect(await talk.take('#4')).toContain('  #1 Salud\n  #2 Educación');
  expect(await talk.take('educacion')).toMatch(new RegExp(`^\\(Added to ${reference}: theme education\\)\n\nGracias`));
});

test('a file, a name and details are told of as they are added', async () => {
  const file = play('add', { given: { what: 'file' } });
  expect(await last(file, '+photo of the stop')).toContain(
    '(Added to HB-K4TXW9A: file_caption “of the stop”, files: 1)',
  );
  const name = play('add', { given: { what: 'name' } });
  expect(await last(name, '1', 'Ana')).toContain('(Added to HB-K4TXW9A: name: Ana)');
  expect(await last(play('add'), 'No bus at all')).toContain('(Added to HB-K4TXW9A: problem “No bus at all”)');
});

test('a button that is not there is said, with those that are', async () => {
  const talk = play('withdraw');
  expect(await last(talk, '#7')).toBe('(There is no button 7; there are 1 to 2.)');
  expect(await last(play('idea'), '#1')).toBe('(There are no buttons.)');
});

test('a blank line is nothing', async () => {
  expect(await last(play('idea'), '  ')).toBe('');
});

test('a conversation that is over begins again as it did, or at the welcome', async () => {
  const talk = play('respond');
  const first = await talk.begin();
  expect(await talk.take('How much will it cost?')).toContain('The conversation is over');
  expect(await talk.take('+again')).toBe(first);
  expect(await talk.take('/start')).toContain('Good to see you again!');
});

test('a new person begins without what the one before has agreed to', async () => {
  const talk = play('welcome');
  const first = await talk.begin();
  expect(await talk.take('#1')).toContain('Share an idea');
  expect(await talk.take('+again')).toBe(first);
});

test('the welcome asks for consent, and goes on in the language that is chosen', async () => {
  const talk = play('welcome');
  expect(await talk.begin()).toContain('  #1 I agree\n  #2 No, thank you');
  expect(await talk.take('/language')).toContain('  #3 Français');
  expect(await talk.take('#3')).toContain('Désormais, j’écris en français');
  expect(await talk.take("d'accord")).toMatch(
    /^\(They have agreed to version 2\.\)\n\n\(.+\)\n\n.+\n {2}#1 Partager une idée/,
  );
});

test('whoever does not agree, and whoever leaves, is told of as such', async () => {
  expect(await last(play('welcome'), '#2')).toContain('(They have not agreed; nothing is kept.)');
  const talk = play('idea');
  expect(await last(talk, '/stop')).toContain('This person has left');
  expect(await talk.take('hello?')).toContain('/start brings them back');
  expect(await talk.take('/start')).toContain('Good to see you again!');
});

describe('what the application shows', () => {
  test('the timeline of the process beside the flows', async () => {
    expect(await play('timeline', { language: 'fr' }).begin()).toContain(
      'En ce moment\n\nLes idées de tous, jusqu’au dimanche 14 mars',
    );
  });
  test('the timeline of no process yet', async () => {
    expect(await play('timeline', { process: DEFAULT_PROCESS }).begin()).toContain('There are no dates yet');
  });
  test('what somebody has sent in a line, and the words on their data', async () => {
    expect(await play('mine').begin()).toContain('(Here a person reads what they have sent');
    expect(await play('privacy').begin()).toContain('They may be published');
  });
});

describe('flows that the application begins with answers have some to begin with', () => {
  test.each([
    ['question', 'en', 'What would make you trust public spending more?'],
    ['question', 'es', '¿Qué le haría confiar más en el gasto público?'],
    ['loose', 'fr', 'Le bus devrait aussi passer le dimanche.'],
    ['respond', 'es', '¿Qué quiere saber sobre esta respuesta?'],
    ['edit', 'en', 'HB-K4TXW9A says now:'],
    ['withdraw', 'fr', 'Retirer HB-K4TXW9A ?'],
  ])('%s in %s', async (flow, language, words) => {
    expect(await play(flow, { language }).begin()).toContain(words);
  });
  test('also where the process has no question', async () => {
    expect(await play('question', { process: DEFAULT_PROCESS }).begin()).toContain(
      'What should change where you live?',
    );
  });
  test('and others where they are given', async () => {
    expect(await play('respond', { given: { reply: 'disagree' } }).begin()).toContain('What do you not agree with?');
  });
});

test('edits and withdrawals say what becomes of them', async () => {
  const edited = await last(play('edit'), 'Buses every day');
  expect(edited).toContain(
    '(HB-K4TXW9A now says: “Buses every day”)\n\nDone. HB-K4TXW9A now says what you just wrote.',
  );
  expect(await last(play('withdraw'), '#1')).toContain('HB-K4TXW9A is withdrawn. The forum will not use it.');
});
