import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { parse as parseCsv } from 'csv-parse/sync';
import { z } from 'zod';
import { createAnnouncer } from '../app/announce.ts';
import { importDecisions } from '../app/decide.ts';
import { contributions } from '../app/export.ts';
import { releaseResponses } from '../app/release.ts';
import { fileOut, writeSheet } from '../app/sheetFiles.ts';
import { readConfig } from '../config.ts';
import { systemClock, systemIds } from '../domain/clock.ts';
import { Mistake } from '../domain/errors.ts';
import type { NoticeStatus } from '../domain/ports.ts';
import { parseProcess } from '../domain/process.ts';
import { sheetRow } from '../domain/sheet.ts';
import { createLog } from '../log.ts';
import { type Service, startService } from '../main.ts';
import { answerQuestion, giveIdea, join, type SimulatedPerson } from '../sandbox/people.ts';
import { ANSWERS, DECISIONS, IDEAS, QUESTION_NOTICE, TIMELINE_NOTICE } from '../sandbox/script.ts';
import { startSlackSandbox } from '../sandbox/slack.ts';
import { type ChatMessage, startTelegramSandbox } from '../sandbox/telegram.ts';
import { createContributionStore } from '../store/contributions.ts';
import { createNotices } from '../store/notices.ts';
import { createResponseStore } from '../store/responses.ts';

const PEOPLE = 200;
const LANGUAGES = ['en', 'es', 'fr'];

interface Options {
  keep?: boolean;
  inputs?: string;
}

/** `demo`: a whole small process on the sandbox, then two transcripts and the figures. */
export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('a whole small process on the sandbox, then the figures; needs no account and no service')
    .option('--keep', 'leave the service up, to explore')
    .option('--inputs <file>', 'JSONL or CSV with text, language and source: what the people say instead')
    .action(demo);
}

interface Saying {
  text: string;
  language: string;
}

async function demo(options: Options): Promise<void> {
  const began = Date.now();
  const said = options.inputs ? await readInputs(options.inputs) : null;
  const folder = await mkdtemp(path.join(tmpdir(), 'hearback-demo-'));
  const stage = await setUp(folder);
  try {
    const figures = await play(stage, said, folder);
    for (const person of figures.shown) process.stdout.write(transcript(person));
    process.stdout.write(report(figures, (Date.now() - began) / 1000));
    if (options.keep) await keep(stage, folder);
  } finally {
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  }
}

type Stage = Awaited<ReturnType<typeof setUp>>;

async function setUp(folder: string) {
  const telegram = await startTelegramSandbox();
  const slack = await startSlackSandbox();
  const config = readConfig({
    DATA_DIR: folder,
    PORT: '0',
    FLOWS_DIR: readConfig().flowsDir,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_MESSAGES_PER_SECOND: '1000',
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    SLACK_MESSAGES_PER_SECOND: '500',
    NOTICE_HOLD_SECONDS: '0',
  });
  const service = await startService(config, createLog('warn'));
  const close = async () => {
    await service.stop();
    await telegram.close();
    await slack.close();
  };
  const file = path.join(config.flowsDir, 'example.process.yaml');
  await service.core.processes.apply(parseProcess(await readFile(file, 'utf8'), file));
  const people = Array.from({ length: PEOPLE }, (_, index): SimulatedPerson => {
    const language = LANGUAGES[Math.floor(index / 2) % LANGUAGES.length] ?? 'en';
    if (index % 2 === 0)
      return Object.assign(telegram.user(5000 + index, { language }), { channel: 'Telegram', language });
    const user = slack.user(`U${5000 + index}`, { language });
    const command = (text: string) => user.slash(text.replace(/^\//, ''));
    return Object.assign(user, { channel: 'Slack', language, command });
  });
  return { service, people, close };
}

interface Figures {
  people: number;
  contributions: number;
  timeline: NoticeStatus;
  question: NoticeStatus;
  responses: NoticeStatus | null;
  byDecision: Record<string, number>;
  shown: SimulatedPerson[];
}

async function play({ service, people }: Stage, said: Saying[] | null, folder: string): Promise<Figures> {
  const words = said ?? ideasOf(people);
  const bar = new SingleBar({
    format: '{stage} [{bar}] {value}/{total}',
    clearOnComplete: true,
    hideCursor: true,
    noTTYOutput: false,
  });
  const step = async <T>(stage: string, list: T[], work: (item: T, index: number) => Promise<unknown>) => {
    bar.start(list.length, 0, { stage: stage.padEnd(24) });
    await Promise.all(
      list.map(async (item, index) => {
        await work(item, index);
        bar.increment();
      }),
    );
    bar.stop();
  };
  const announcer = createAnnouncer({
    notices: createNotices(service.core.db.pool),
    queue: service.core.queue,
    clock: systemClock,
    ids: systemIds,
    holdSeconds: 0,
  });
  const announce = async (draft: unknown) => {
    const { id } = await announcer.create(draft);
    await announcer.schedule(id);
    return { id, done: () => settled(() => announcer.status(id)) };
  };

  await step('People arrive', people, join);
  const before = people.map((person) => person.chat.length);
  const timeline = await announce(TIMELINE_NOTICE);
  await step('The timeline goes out', people, (person, index) =>
    person.waitFor((message) => message.buttons.length === 2, before[index]),
  );
  const asked = people.map((person) => person.chat.length);
  const question = await announce(QUESTION_NOTICE);
  await step('A question is asked', people, async (person, index) => {
    const notice = await person.waitFor((message) => message.buttons.length === 1, asked[index]);
    if (!said && index % 4 === 0) await answerQuestion(person, notice, pick(ANSWERS[person.language], index));
  });
  const shares = people.map((_, index) => words.filter((_, at) => at % people.length === index));
  await step('Ideas come in', people, async (person, index) => {
    for (const { text } of shares[index] ?? []) await giveIdea(person, text);
  });
  const byDecision = await decide(service, folder);
  const responses = await release(service, bar, () => announcer.statuses());
  await service.core.db.pool.query('SELECT 1');
  return {
    people: people.length,
    contributions: Object.values(byDecision).reduce((sum, count) => sum + count, 0),
    timeline: await timeline.done(),
    question: await question.done(),
    responses,
    byDecision,
    shown: people.slice(0, 2),
  };
}

const pick = (list: string[] | undefined, index: number): string => list?.[index % list.length] ?? '';

const ideasOf = (people: SimulatedPerson[]): Saying[] =>
  people.map(({ language }, index) => ({
    language,
    text: pick(IDEAS[language], Math.floor(index / 2 / LANGUAGES.length)),
  }));

/** The forum's part: the exported sheet, filled in, saved as a spreadsheet and taken in again. */
async function decide(service: Service, folder: string): Promise<Record<string, number>> {
  const file = path.join(folder, 'decided.xlsx');
  const counts: Record<string, number> = {};
  async function* rows() {
    let index = 0;
    for await (const decided of contributions(createContributionStore(service.core.db.pool))) {
      const decision = DECISIONS[index++ % DECISIONS.length];
      if (decision) counts[decision.decision] = (counts[decision.decision] ?? 0) + 1;
      yield { ...sheetRow(decided), ...decision };
    }
  }
  await writeSheet(rows(), 'xlsx', fileOut(file));
  await importDecisions(file, {
    responses: createResponseStore(service.core.db.pool),
    clock: systemClock,
    ids: systemIds,
  });
  return counts;
}

async function release(
  service: Service,
  bar: SingleBar,
  statuses: () => Promise<NoticeStatus[]>,
): Promise<NoticeStatus | null> {
  const { notice, recipients } = await releaseResponses({
    responses: createResponseStore(service.core.db.pool),
    clock: systemClock,
    ids: systemIds,
    hint: (id) => service.core.queue.startNotice(id, 0),
  });
  if (notice === null) return null;
  bar.start(recipients, 0, { stage: 'Responses go out'.padEnd(24) });
  const status = await settled(async () => {
    const now = (await statuses()).find((one) => one.id === notice);
    if (!now) throw new Error('The release has vanished.');
    bar.update(now.sent + now.failed + now.skipped + now.uncertain);
    return now;
  });
  bar.stop();
  return status;
}

/** Asks until everything of a notice has an outcome. */
async function settled(status: () => Promise<NoticeStatus>): Promise<NoticeStatus> {
  for (;;) {
    const now = await status();
    const over = now.sent + now.failed + now.skipped + now.uncertain;
    if (now.state === 'done' || (now.recipients > 0 && over === now.recipients)) return now;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function transcript(person: SimulatedPerson): string {
  const lines = person.chat.map(
    (message) => `${message.from === 'bot' ? 'Hearback' : '     You'} │ ${body(message)}\n`,
  );
  return `\n── ${person.channel}, as one person (${person.language}) sees it ${'─'.repeat(30)}\n${lines.join('')}`;
}

function body(message: ChatMessage): string {
  const buttons = message.buttons.map((button) => `[ ${button.label} ]`).join(' ');
  return [...message.text.split('\n'), ...(buttons ? [buttons] : [])].join('\n         │ ');
}

function report(
  { people, contributions: count, timeline, question, responses, byDecision }: Figures,
  seconds: number,
): string {
  return [
    '',
    `People reached        ${people}: timeline to ${timeline.sent}, question to ${question.sent}`,
    `Contributions         ${count}`,
    `Decided               ${Object.entries(byDecision)
      .map(([decision, number]) => `${number} ${decision}`)
      .join(', ')}`,
    `Responses delivered   to ${responses?.sent ?? 0} people; failed ${responses?.failed ?? 0}, uncertain ${responses?.uncertain ?? 0}`,
    `Seconds               ${seconds.toFixed(1)}`,
    '',
  ].join('\n');
}

async function keep({ service }: Stage, folder: string): Promise<void> {
  process.stdout.write(
    `The service stays up at ${service.url}. Look around with DATA_DIR=${folder} npx hearback responses status; end it with Ctrl-C.\n`,
  );
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

const input = z.looseObject({ text: z.string().min(1), language: z.string().default('en') });

/** @throws Mistake with the line of each input that cannot be used. */
async function readInputs(file: string): Promise<Saying[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Mistake(
      `--inputs: ${file} cannot be read. Name a .jsonl or .csv file with the columns text and language.`,
    );
  });
  const rows = file.endsWith('.csv')
    ? (parseCsv(text, { columns: true, bom: true }) as unknown[])
    : text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map(parsedLine);
  const read = rows.map((row) => input.safeParse(row));
  const wrong = read.flatMap((result, index) =>
    result.success ? [] : [`${file}:${index + 1}: no usable text. Each line is an object with text and language.`],
  );
  if (wrong.length > 0) throw new Mistake(wrong.join('\n'), wrong);
  return read.flatMap((result) => (result.success ? [result.data] : []));
}

function parsedLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
