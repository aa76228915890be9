import path from 'node:path';
import { SingleBar } from 'cli-progress';
import { DateTime } from 'luxon';
import { openActions } from '../../../compose/actions.ts';
import { systemClock, systemIds } from '../../../core/clock.ts';
import { textFor } from '../../../core/texts.ts';
import type { NoticeStatus } from '../../../notices/notice.ts';
import { createNoticeRecords } from '../../../notices/records.ts';
import { atTerminal } from '../../../people/actor.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from '../../../process/process.ts';
import { contributions } from '../../../responses/contributions.ts';
import { DECISIONS, type DecisionKind } from '../../../responses/decision.ts';
import { readImport } from '../../../responses/importDecisions.ts';
import type { ReleaseScope } from '../../../responses/ports.ts';
import { fileOut, writeSheet } from '../../../responses/sheet/files.ts';
import { type SheetProcess, sheetRow } from '../../../responses/sheet/sheet.ts';
import { answerQuestion, giveIdea, join } from '../../../sandbox/people.ts';
import { FIRST_THEME, QUESTION_NOTICE, RESPONSES } from '../../../sandbox/script.ts';
import { createTimelineDesk, type DemoMeeting, meet } from './outreach.ts';
import type { Stage, StageActor } from './stage.ts';

export interface Figures {
  people: number;
  contributions: number;
  timeline: NoticeStatus;
  meeting: DemoMeeting;
  moved: NoticeStatus;
  question: NoticeStatus;
  /** When the question was scheduled for, by the clock of the process. */
  askedAt: string;
  /** Those on one theme, released before all others; null where there were none. */
  responses: Record<'first' | 'others', NoticeStatus | null>;
  /** Contributions whose response has arrived. */
  delivered: Record<DecisionKind, number>;
}

/** The whole process: people arrive, are told and asked, speak, and hear back. Leaves the forum's sheet in `folder`. */
export async function play(stage: Stage, folder: string): Promise<Figures> {
  const { service, people } = stage;
  const { db, queue } = service.core;
  const stores = await service.core.stores();
  const { responses } = stores;
  const processNow = async () => (await service.core.processes.current()) ?? DEFAULT_PROCESS;
  const actions = openActions(db, {
    ...{ queue, clock: systemClock, ids: systemIds, process: processNow },
    ...{ holdSeconds: 0, approvalAbove: 1_000_000 },
  });
  const records = createNoticeRecords(stores.notices);
  const done = (id: string) => settled(() => records.status(id));
  const told = (stage: string, from: number[]) =>
    together(stage, people, (person, index) => person.waitFor(() => true, from[index]));
  const lengths = () => people.map((person) => person.chat.length);

  await together('People arrive', people, (person) => join(person, person.part.source));
  const definition = await processNow();
  const dates = await createTimelineDesk(stage);
  const before = lengths();
  const timeline = await done(await dates.publish());
  await told('The timeline goes out', before);
  const meeting = await meet(stage, actions, (work) => together('A meeting, with answers', people, work));
  const known = lengths();
  const moved = await done(await dates.move());
  await told('Its date moves', known);
  const asked = lengths();
  const { timeZone } = await processNow();
  const at = DateTime.now().setZone(timeZone).plus({ seconds: 2 }).toFormat("yyyy-MM-dd'T'HH:mm:ss");
  const question = (await actions.notices.create(atTerminal(), QUESTION_NOTICE)).id;
  await actions.notices.schedule(atTerminal(), question, { at, zone: timeZone });
  await together('A question is asked', people, async (person, index) => {
    const notice = await person.waitFor((message) => message.buttons.length === 1, asked[index]);
    if (person.part.answer) await answerQuestion(person, notice, person.part.answer);
  });
  await together('Ideas come in', people, async (person) => {
    for (const { words, theme } of person.part.ideas)
      await giveIdea(person, words, themeIn(theme, person.language, definition));
  });
  const sheet = await decidedSheet(stageContributions(), definition, folder);
  await actions.responses.import(atTerminal(), await readImport(sheet, { responses, languages: definition.languages }));
  const release = async (stage: string, scope: ReleaseScope) => {
    const { notice, recipients } = await actions.responses.release(atTerminal(), { scope });
    return notice === null ? null : watched(stage, recipients, () => records.status(notice));
  };
  const ready = await responses.releasable();
  const first = await release('Responses on one theme', { themes: [FIRST_THEME] });
  const others = await release('All other responses', {});
  const delivered = Object.fromEntries(DECISIONS.map((decision) => [decision, 0])) as Figures['delivered'];
  for await (const { response } of stageContributions())
    if (response?.state === 'delivered') delivered[response.decision] += 1;
  return {
    people: people.length,
    contributions: ready.responses,
    timeline,
    meeting,
    moved,
    question: await done(question),
    askedAt: `${at.slice(11)} ${timeZone}`,
    responses: { first, others },
    delivered,
  };

  function stageContributions() {
    return contributions(stores.contributions);
  }
}

/** What stands on the button of a theme for somebody of that language. */
function themeIn(theme: string | null, language: string, { themes, languages }: ProcessDefinition): string | null {
  const found = themes.find(({ value }) => value === theme);
  return found ? textFor(found.label, language, languages) : null;
}

/** The forum's part: the exported sheet, filled in and saved as a spreadsheet. */
async function decidedSheet(
  all: ReturnType<typeof contributions>,
  process: SheetProcess,
  folder: string,
): Promise<string> {
  const file = path.join(folder, 'decided.xlsx');
  async function* rows() {
    let index = 0;
    for await (const decided of all) {
      const { decision, words } = RESPONSES[index++ % RESPONSES.length] as (typeof RESPONSES)[number];
      const row = sheetRow(decided, process);
      yield { ...row, decision, ...(words[row.answerIn] ?? words.en) };
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

async function together(
  stage: string,
  people: StageActor[],
  work: (person: StageActor, index: number) => Promise<unknown>,
) {
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
