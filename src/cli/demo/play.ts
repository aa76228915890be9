import path from 'node:path';
import { SingleBar } from 'cli-progress';
import { createAnnouncer } from '../../app/announce.ts';
import { importDecisions } from '../../app/decide.ts';
import { contributions } from '../../app/export.ts';
import { releaseResponses } from '../../app/release.ts';
import { fileOut, writeSheet } from '../../app/sheetFiles.ts';
import { systemClock, systemIds } from '../../domain/clock.ts';
import type { NoticeStatus } from '../../domain/notice.ts';
import { DEFAULT_PROCESS } from '../../domain/process.ts';
import { DECISIONS, type DecisionKind } from '../../domain/records.ts';
import { sheetRow } from '../../domain/sheet.ts';
import { answerQuestion, giveIdea, join } from '../../sandbox/people.ts';
import { QUESTION_NOTICE, RESPONSES, TIMELINE_NOTICE } from '../../sandbox/script.ts';
import { createContributionStore } from '../../store/contributions.ts';
import { createMembers } from '../../store/members.ts';
import { createNotices } from '../../store/notices.ts';
import { createResponseStore } from '../../store/responses.ts';
import type { Actor, Stage } from './stage.ts';

export interface Figures {
  people: number;
  contributions: number;
  timeline: NoticeStatus;
  question: NoticeStatus;
  responses: NoticeStatus;
  /** Contributions whose response has arrived. */
  delivered: Record<DecisionKind, number>;
}

/** The whole process: people arrive, are told and asked, speak, and hear back. Leaves the forum's sheet in `folder`. */
export async function play({ service, people }: Stage, folder: string): Promise<Figures> {
  const { db, queue } = service.core;
  const deciding = { responses: createResponseStore(db.pool), clock: systemClock, ids: systemIds };
  const notices = {
    notices: createNotices(db.pool),
    queue,
    clock: systemClock,
    ids: systemIds,
    holdSeconds: 0,
    process: async () => (await service.core.processes.current()) ?? DEFAULT_PROCESS,
    members: createMembers(db.pool),
    approvalAbove: 1_000_000,
  };
  const announcer = createAnnouncer(notices);
  const announce = async (draft: unknown) => {
    const { id } = await announcer.create(draft);
    await announcer.schedule(id);
    return () => settled(() => announcer.status(id));
  };

  await together('People arrive', people, (person) => join(person, person.part.source));
  const told = people.map((person) => person.chat.length);
  const timeline = await announce(TIMELINE_NOTICE);
  await together('The timeline goes out', people, (person, index) =>
    person.waitFor((message) => message.buttons.length === 2, told[index]),
  );
  const asked = people.map((person) => person.chat.length);
  const question = await announce(QUESTION_NOTICE);
  await together('A question is asked', people, async (person, index) => {
    const notice = await person.waitFor((message) => message.buttons.length === 1, asked[index]);
    if (person.part.answer) await answerQuestion(person, notice, person.part.answer);
  });
  await together('Ideas come in', people, async (person) => {
    for (const idea of person.part.ideas) await giveIdea(person, idea);
  });
  await importDecisions(await decidedSheet(stageContributions(), folder), deciding);
  const released = await releaseResponses({ ...deciding, hint: (id) => queue.startNotice(id, 0) });
  if (released.notice === null) throw new Error('Nothing was decided, so that nothing was released.');
  const responses = await watched('Responses go out', released.recipients, () =>
    announcer.status(released.notice as string),
  );
  const delivered = Object.fromEntries(DECISIONS.map((decision) => [decision, 0])) as Figures['delivered'];
  for await (const { response } of stageContributions())
    if (response?.state === 'delivered') delivered[response.decision] += 1;
  return {
    people: people.length,
    contributions: released.responses,
    timeline: await timeline(),
    question: await question(),
    responses,
    delivered,
  };

  function stageContributions() {
    return contributions(createContributionStore(db.pool));
  }
}

/** The forum's part: the exported sheet, filled in and saved as a spreadsheet. */
async function decidedSheet(all: ReturnType<typeof contributions>, folder: string): Promise<string> {
  const file = path.join(folder, 'decided.xlsx');
  async function* rows() {
    let index = 0;
    for await (const decided of all) {
      const { decision, words } = RESPONSES[index++ % RESPONSES.length] as (typeof RESPONSES)[number];
      const { language } = decided.contribution;
      yield { ...sheetRow(decided), decision, ...(words[language] ?? words.en) };
    }
  }
  await writeSheet(rows(), 'xlsx', fileOut(file));
  return file;
}

function startBar(stage: string, total: number): SingleBar {
  const bar = new SingleBar({
    format: '{stage} [{bar}] {value}/{total}',
    clearOnComplete: true,
    hideCursor: true,
    noTTYOutput: false,
  });
  bar.start(total, 0, { stage: stage.padEnd(24) });
  return bar;
}

async function together(stage: string, people: Actor[], work: (person: Actor, index: number) => Promise<unknown>) {
  const bar = startBar(stage, people.length);
  await Promise.all(
    people.map(async (person, index) => {
      await work(person, index);
      bar.increment();
    }),
  );
  bar.stop();
}

const over = (status: NoticeStatus): number => status.sent + status.failed + status.skipped + status.uncertain;

async function watched(stage: string, total: number, ask: () => Promise<NoticeStatus>): Promise<NoticeStatus> {
  const bar = startBar(stage, total);
  const status = await settled(async () => {
    const now = await ask();
    bar.update(over(now));
    return now;
  });
  bar.stop();
  return status;
}

const ASK_AGAIN_MS = 100;

/** Asks until everything of a notice has an outcome. */
async function settled(ask: () => Promise<NoticeStatus>): Promise<NoticeStatus> {
  for (;;) {
    const now = await ask();
    if (now.state === 'done' || (now.recipients > 0 && over(now) === now.recipients)) return now;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}
