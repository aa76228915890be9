import path from 'node:path';
import { SingleBar } from 'cli-progress';
import { DateTime } from 'luxon';
import { textFor } from '../../../core/texts.ts';
import type { NoticeStatus } from '../../../notices/notice.ts';
import { createNoticeRecords } from '../../../notices/records.ts';
import { atTerminal } from '../../../people/actor.ts';
import type { ProcessDefinition } from '../../../process/process.ts';
import { contributions } from '../../../responses/contributions.ts';
import { DECISIONS, type DecisionKind } from '../../../responses/decision.ts';
import { readImport } from '../../../responses/importDecisions.ts';
import type { ReleaseScope } from '../../../responses/ports.ts';
import { fileOut, writeSheet } from '../../../responses/sheet/files.ts';
import { type SheetProcess, sheetRow } from '../../../responses/sheet/sheet.ts';
import { answerQuestion, giveIdea, join } from '../../../sandbox/people.ts';
import { FIRST_THEME, QUESTION_NOTICE, RESPONSES } from '../../../sandbox/script.ts';
import { type EventAnswers, meet, moveFirstEvent, processOf, publishTimeline } from './outreach.ts';
import type { Stage, StageActor } from './stage.ts';

export interface Figures {
  people: number;
  contributions: number;
  timeline: NoticeStatus;
  event: EventAnswers;
  moved: NoticeStatus;
  question: NoticeStatus;
  /** When the question was scheduled for, by the clock of the process. */
  askedAt: string;
  /** Those on one theme, released before all others; null where there were none. */
  responses: Record<'first' | 'others', NoticeStatus | null>;
  /** Contributions with a response that has arrived. */
  delivered: Record<DecisionKind, number>;
}

/** The whole process: people arrive, are told and asked, speak, and hear back. Leaves the forum's sheet in `folder`. */
export async function play(stage: Stage, folder: string): Promise<Figures> {
  const { people } = stage;
  await together('People arrive', people, (person) => join(person, person.part.source));
  const timeline = await tell(stage, 'The timeline goes out', publishTimeline);
  const event = await meet(stage, (work) => together('An event, with answers', people, work));
  const moved = await tell(stage, 'Its date moves', moveFirstEvent);
  const question = await askQuestion(stage);
  await speak(stage);
  const heard = await hearBack(stage, folder);
  return {
    ...{ people: people.length, timeline, event, moved, askedAt: question.askedAt },
    question: await settled(stage, question.id),
    ...heard,
  };
}

/** Sends a notice to everybody, and waits until each of them has it. */
async function tell(stage: Stage, label: string, send: (stage: Stage) => Promise<string>): Promise<NoticeStatus> {
  const before = lengths(stage);
  const status = await settled(stage, await send(stage));
  await together(label, stage.people, (person, index) => person.waitFor(() => true, before[index]));
  return status;
}

const lengths = ({ people }: Stage): number[] => people.map((person) => person.chat.length);

/** Asks everybody the focus question in two seconds, by the clock of the process; those who have an answer give it. */
async function askQuestion(stage: Stage): Promise<{ id: string; askedAt: string }> {
  const { actions, people } = stage;
  const before = lengths(stage);
  const { timeZone } = await processOf(stage);
  const at = DateTime.now().setZone(timeZone).plus({ seconds: 2 }).toFormat("yyyy-MM-dd'T'HH:mm:ss");
  const { id } = await actions.notices.create(atTerminal(), QUESTION_NOTICE);
  await actions.notices.schedule(atTerminal(), id, { at, zone: timeZone });
  await together('A question is asked', people, async (person, index) => {
    const notice = await person.waitFor((message) => message.buttons.length === 1, before[index]);
    if (person.part.answer) await answerQuestion(person, notice, person.part.answer);
  });
  return { id, askedAt: `${at.slice(11)} ${timeZone}` };
}

async function speak(stage: Stage): Promise<void> {
  const definition = await processOf(stage);
  await together('Ideas come in', stage.people, async (person) => {
    for (const { words, theme } of person.part.ideas)
      await giveIdea(person, words, themeIn(theme, person.language, definition));
  });
}

/** The forum decides on everything and releases its responses, those on one theme first. */
async function hearBack(
  stage: Stage,
  folder: string,
): Promise<Pick<Figures, 'contributions' | 'responses' | 'delivered'>> {
  const { actions } = stage;
  const responses = await stage.service.core.views.responses();
  const definition = await processOf(stage);
  const sheet = await decidedSheet(await contributionsOf(stage), definition, folder);
  await actions.responses.import(atTerminal(), await readImport(sheet, { responses, languages: definition.languages }));
  const ready = await responses.releasable();
  const first = await release(stage, 'Responses on one theme', { themes: [FIRST_THEME] });
  const others = await release(stage, 'All other responses', {});
  return { contributions: ready.responses, responses: { first, others }, delivered: await deliveredOf(stage) };
}

const contributionsOf = async ({ service }: Stage) => contributions(await service.core.views.contributions());

async function release(stage: Stage, label: string, scope: ReleaseScope): Promise<NoticeStatus | null> {
  const { notice, recipients } = await stage.actions.responses.release(atTerminal(), { scope });
  return notice === null ? null : watched(stage, label, notice, recipients);
}

async function deliveredOf(stage: Stage): Promise<Figures['delivered']> {
  const delivered = Object.fromEntries(DECISIONS.map((decision) => [decision, 0])) as Figures['delivered'];
  for await (const { response } of await contributionsOf(stage))
    if (response?.state === 'delivered') delivered[response.decision] += 1;
  return delivered;
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

function startBar(label: string, total: number): SingleBar {
  const bar = new SingleBar({
    format: '{label} [{bar}] {value}/{total}',
    clearOnComplete: true,
    hideCursor: true,
    noTTYOutput: false,
  });
  bar.start(total, 0, { label: label.padEnd(24) });
  return bar;
}

async function together(
  label: string,
  people: StageActor[],
  work: (person: StageActor, index: number) => Promise<unknown>,
) {
  const bar = startBar(label, people.length);
  await Promise.all(
    people.map(async (person, index) => {
      await work(person, index);
      bar.increment();
    }),
  );
  bar.stop();
}

const over = (status: NoticeStatus): number => status.sent + status.failed + status.skipped + status.uncertain;

async function watched(stage: Stage, label: string, notice: string, total: number): Promise<NoticeStatus> {
  const bar = startBar(label, total);
  const status = await settled(stage, notice, (now) => bar.update(over(now)));
  bar.stop();
  return status;
}

const ASK_AGAIN_MS = 100;

/** Asks until everything of a notice has an outcome. */
async function settled(
  { service }: Stage,
  notice: string,
  seen: (status: NoticeStatus) => void = () => undefined,
): Promise<NoticeStatus> {
  const records = createNoticeRecords(await service.core.views.notices());
  for (;;) {
    const now = await records.status(notice);
    seen(now);
    if (now.state === 'done' || (now.recipients > 0 && over(now) === now.recipients)) return now;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}
