import { atTerminal } from '../../../src/people/actor.ts';
import { type Role, SIDES } from '../../../src/people/member.ts';
import { act } from './acts.ts';
import { besides } from './besides.ts';
import { compared, type Row } from './compare.ts';
import { createLog } from './log.ts';
import type { Speaker } from './platforms.ts';
import type { Entry, Platform, Transcript, TranscriptPerson } from './read.ts';
import { openStage, type Stage } from './stage.ts';

/** Between two things that one person does. */
const GAP_MS = 2_000;
/** How long anybody waits for what the bot is expected to say. */
const PATIENCE_MS = 60_000;

export interface Played {
  rows: Row[];
  /** What ended it before its time. */
  failed: Error | null;
}

/** Holds the conversation: what is written beside what came. */
export async function play(transcript: Transcript, platform: Platform): Promise<Played> {
  const stage = await openStage(platform, transcript.begins);
  try {
    return await held(transcript, stage);
  } finally {
    await stage.close();
  }
}

async function held({ people, entries }: Transcript, stage: Stage): Promise<Played> {
  const speakers: Speaker[] = [];
  for (const about of people) speakers.push(await entered(stage, about));
  const log = createLog(speakers);
  const failed = await goThrough(entries, { stage, speakers, log }).then(
    () => null,
    (error: Error) => error,
  );
  return { rows: compared(entries, log.lines()), failed };
}

interface Playing {
  stage: Stage;
  speakers: readonly Speaker[];
  log: ReturnType<typeof createLog>;
}

async function goThrough(entries: readonly Entry[], playing: Playing): Promise<void> {
  const { stage, log } = playing;
  for (const [index, entry] of entries.entries()) {
    if (entry.kind === 'bot') continue;
    await one(entry, playing);
    await comes(expectedAfter(entries, index), playing);
  }
  await stage.pass(PATIENCE_MS);
  log.look();
}

async function one(entry: Entry, { stage, speakers, log }: Playing): Promise<void> {
  if (entry.kind === 'besides') {
    if (entry.what.startsWith('to the receipt')) return log.did({ ...entry, what: log.toReceipt() });
    const told = await besides({ stage, log, speakers }, log.meant(entry.what), entry.more.map(log.meant));
    return log.did(entry, told);
  }
  const speaker = speakers.find(({ name }) => name === entry.who) as Speaker;
  await stage.wait(GAP_MS);
  log.did(entry);
  await act(speaker, log.meant(entry.what), entry.more.map(log.meant));
  await stage.settle();
}

/** How many messages of the bot stand after this entry. */
function expectedAfter(entries: readonly Entry[], index: number): number {
  const next = entries.findIndex(({ kind }, at) => at > index && kind !== 'bot');
  return (next < 0 ? entries.length : next) - index - 1;
}

/** Lets time pass while less was said than is expected. */
async function comes(expected: number, { stage, log }: Playing): Promise<void> {
  let count = log.look();
  for (let waited = 0; count < expected && waited < PATIENCE_MS; waited += GAP_MS) {
    await stage.pass(GAP_MS);
    count += log.look();
  }
}

async function entered(stage: Stage, about: TranscriptPerson): Promise<Speaker> {
  const speaker = stage.far.person(about);
  if (about.agreed) await agrees(stage, speaker);
  if (about.role) await joins(stage, speaker, about.role);
  return speaker;
}

/** Somebody who has agreed some time ago, and whose chat nobody needs to read. */
async function agrees({ db }: Stage, { key, address, language, name }: Speaker): Promise<void> {
  await db.pool.query(
    `INSERT INTO identity (key, contributor_id, channel, address, language, name, consent_version)
     VALUES ($1, gen_random_uuid(), split_part($1, ':', 1), $2, $3, $4, '1')`,
    [key, address, language, name],
  );
}

/**
 * A member of that role, whose chat this is; at the terminal they are called by their name in small letters. They come from both
 * sides in turn.
 */
async function joins({ actions, db }: Stage, { key, name }: Speaker, role: Role): Promise<void> {
  const { rowCount } = await db.pool.query('SELECT FROM member_identity');
  const side = SIDES[(rowCount ?? 0) % SIDES.length];
  const { code } = await actions.members.add(atTerminal(), {
    id: name.toLowerCase(),
    name,
    roles: [role],
    ...(side && { side }),
  });
  await actions.members.join(key, code);
}
