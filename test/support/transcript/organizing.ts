import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { reasonList } from '../../../src/interfaces/cli/notices/reasons.ts';
import { atTerminal } from '../../../src/people/actor.ts';
import { parseProcess } from '../../../src/process/process.ts';
import { readImport } from '../../../src/responses/importDecisions.ts';
import { createNotices } from '../../../src/store/notices.ts';
import { createResponseStore } from '../../../src/store/responses.ts';
import type { Stage } from './stage.ts';

const OPERATOR = atTerminal();

const ELEMENTS = {
  input: 'We read it as a wish for more information.',
  considered: 'The working group discussed it on 1 June.',
  influence: 'It became part of commitment 1.',
  reason: 'The data exist already.',
  beyond: 'The forum looks at it again next year.',
};

/** By a working sheet of one row. `more`: elements that are to have other words, as `reason: There is no money`. */
export async function decide(
  stage: Stage,
  reference: string,
  decision: string,
  more: readonly string[],
): Promise<undefined> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sheet-'));
  try {
    const file = path.join(folder, 'sheet.json');
    await writeFile(file, JSON.stringify([{ reference, decision, ...ELEMENTS, ...(parse(more.join('\n')) ?? {}) }]));
    const { languages } = await stage.process();
    const sheet = await readImport(file, { languages, responses: createResponseStore(stage.db.pool) });
    await stage.actions.responses.import(OPERATOR, sheet);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function setAside({ actions }: Stage, reference: string, reason: string): Promise<undefined> {
  await actions.triage.change(OPERATOR, { kind: 'set_aside', references: [reference], reason });
}

export async function restore({ actions }: Stage, reference: string): Promise<undefined> {
  await actions.triage.change(OPERATOR, { kind: 'restore', references: [reference] });
}

export async function release({ actions }: Stage): Promise<undefined> {
  await actions.responses.release(OPERATOR);
}

/** A notice, written below as in its file; at once. */
export async function send({ actions }: Stage, more: readonly string[]): Promise<undefined> {
  const { id } = await actions.notices.create(OPERATOR, parse(more.join('\n')));
  await actions.notices.schedule(OPERATOR, id);
}

/** How many had the latest notice, and why others had not, as its organizers see it. */
export async function outcome({ db }: Stage): Promise<string[]> {
  const latest = (await createNotices(db.pool).statuses()).at(-1);
  if (!latest) throw new Error('there is no notice');
  const { sent, skipped, reasons } = latest;
  return [`sent ${sent}, skipped ${skipped}${skipped > 0 ? `: ${reasonList(reasons.skipped)}` : ''}`];
}

export async function publish({ actions }: Stage): Promise<undefined> {
  await actions.process.publish(OPERATOR, { override: 'A transcript' });
}

export async function close({ actions, core }: Stage): Promise<undefined> {
  const { id, key } = await core.processes.toReplace();
  await actions.process.close(OPERATOR, id, key ?? '');
}

/** The file of the process with other values, each by its place: `stages.outreach.closes: 2027-02-20`. */
export async function change(stage: Stage, more: readonly string[]): Promise<undefined> {
  const file = parse(stage.processFile) as Record<string, unknown>;
  for (const [place, value] of Object.entries(parse(more.join('\n')) as Record<string, unknown>))
    put(file, place, value);
  stage.processFile = JSON.stringify(file);
  await stage.actions.process.apply(OPERATOR, parseProcess(stage.processFile, 'changed.yaml'), {
    override: 'A transcript',
  });
}

function put(within: Record<string, unknown>, place: string, value: unknown): void {
  const names = place.split('.');
  const last = names.pop() as string;
  let at: unknown = within;
  for (const name of names)
    at = Array.isArray(at) ? at.find(({ id }) => id === name) : (at as Record<string, unknown>)[name];
  if (typeof at !== 'object' || at === null) throw new Error(`the process has no ${place}`);
  (at as Record<string, unknown>)[last] = value;
}
