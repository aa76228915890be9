import { detectLanguage } from '../src/core/detectLanguage.ts';
import { keepHeapSmall } from '../src/core/heap.ts';
import { openDatabase } from '../src/store/database.ts';
import { dialogueFlow, saying, textUpdate } from './dialogue.ts';
import { together } from './measure.ts';
import { createInbound, sinkChannel } from './ours.ts';

export interface MemoryOptions {
  databaseUrl: string;
  chats: number;
  updates: number;
  /** Megabytes are told each time after so many updates. */
  sampleEvery: number;
}

const QUESTIONS = 8;
const AT_ONCE = 500;

const { databaseUrl, chats, updates, sampleEvery } = JSON.parse(process.argv[2] ?? '{}') as MemoryOptions;
keepHeapSmall();
const db = await openDatabase(databaseUrl);
const inbound = await createInbound(db, dialogueFlow(QUESTIONS), sinkChannel());
// A service that has had its first contribution holds these tables too.
await detectLanguage('What should change in your street?', 'en', []);
const samples: number[] = [];
let taken = 0;

/** All chats say their first thing, then all their second, and so on; the dialogue begins again when it is over. */
for (let round = 0; round < updates / chats; round++) {
  await together(chats, AT_ONCE, async (chat) => {
    await inbound.take(textUpdate(chat + 1, saying(round % (QUESTIONS + 1))));
    if (++taken % sampleEvery === 0) samples.push(process.memoryUsage.rss() / 2 ** 20);
  });
}
await inbound.idle();
samples.push(process.memoryUsage.rss() / 2 ** 20);
const { rows } = await db.pool.query<{ open: number }>(
  "SELECT count(*)::int AS open FROM identity WHERE session->'open' <> 'null'",
);
await db.close();
process.send?.({ samples, open: rows[0]?.open ?? 0 });
