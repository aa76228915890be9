import { readFile } from 'node:fs/promises';
import { confirm } from '@clack/prompts';
import type { Command } from 'commander';
import type { Announcer } from '../app/announce.ts';
import { readNoticeFile, type Targets } from '../app/noticeFile.ts';
import { Mistake } from '../domain/errors.ts';
import { plainText, say } from '../domain/message.ts';
import type { AudienceCount, NoticeButton, NoticeStatus } from '../domain/notice.ts';
import { textFor } from '../domain/texts.ts';
import { printable, withWiring } from './contributions.ts';

/** What these commands need of the running system. */
export interface NoticesWiring {
  announcer: Announcer;
  /** What buttons can lead to now. */
  targets(): Promise<Targets>;
  processes: { current(): Promise<{ timeZone: string } | null> };
  close(): Promise<void>;
}

interface Json {
  json?: boolean;
}

interface Schedule extends Json {
  at?: string;
  zone?: string;
  yes?: boolean;
}

/** `notices create|preview|schedule|status|pause|resume|cancel|retry`. */
export function addNoticesCommands(program: Command, wire: () => Promise<NoticesWiring>): void {
  const group = program.command('notices').description('what is sent to many');
  const command = (name: string, description: string) =>
    group.command(name).description(description).option('--json', 'as JSON');
  const of = (work: (wiring: NoticesWiring) => Promise<void>) => withWiring(wire, work);

  command('create', 'take in a notice file as a draft')
    .argument('<file>')
    .action((file: string, options: Json) => of((wiring) => create(wiring, file, options)));
  command('preview', 'its words, and whom it would reach')
    .argument('<id>')
    .action((id: string, options: Json) => of((wiring) => preview(wiring, id, options)));
  command('schedule', 'send it: now, or at a moment')
    .argument('<id>')
    .option('--at <local>', 'local date and time, for example 2027-03-28T09:00; now when left out')
    .option('--zone <zone>', 'time zone of --at; that of the process when left out')
    .option('--yes', 'without asking')
    .action((id: string, options: Schedule) => of((wiring) => schedule(wiring, id, options)));
  command('status', 'how far it has come; all notices when left out')
    .argument('[id]')
    .action((id: string | undefined, options: Json) => of((wiring) => status(wiring, id, options)));
  const changes = { pause: 'stop sending for now', resume: 'go on', cancel: 'send nothing more of it' } as const;
  for (const [change, description] of Object.entries(changes))
    command(change, description)
      .argument('<id>')
      .action((id: string, { json }: Json) =>
        of(async ({ announcer }) => {
          const now = await announcer.change(id, change as keyof typeof changes);
          print(json ? JSON.stringify(now) : statusLine(now));
        }),
      );
  command('retry', 'send what failed or is in doubt once more')
    .argument('<id>')
    .action((id: string, { json }: Json) =>
      of(async ({ announcer }) => {
        const again = await announcer.retry(id);
        print(json ? JSON.stringify({ again }) : `${again} messages are sent again.`);
      }),
    );
}

async function create({ announcer, targets }: NoticesWiring, file: string, { json }: Json): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Mistake(`${file} cannot be read. Name a notice file with kind, texts and audience.`);
  });
  const made = await announcer.create(readNoticeFile(text, file, await targets()));
  const next = `Notice ${made.id} is a draft. See whom it reaches: hearback notices preview ${made.id}`;
  print(json ? JSON.stringify(made) : next);
}

async function preview({ announcer }: NoticesWiring, id: string, { json }: Json): Promise<void> {
  const seen = await announcer.preview(id);
  if (json) return print(JSON.stringify(seen));
  const { texts, buttons } = seen.notice;
  const languages = typeof texts === 'string' ? ['any'] : Object.keys(texts);
  print(
    [
      ...languages.flatMap((language) => [
        `${language}: ${printable(plainText(say(textFor(texts, language))))}`,
        ...buttons.map((button) => buttonLine(button, language)),
      ]),
      ...seen.audience.map(audienceLine),
      `${seen.recipients} people would get it, ${seen.skipped} would not (stopped, or not to be reached).`,
    ].join('\n'),
  );
}

function buttonLine(button: NoticeButton, language: string): string {
  const [kind, target] = Object.entries(button).find(([key]) => key !== 'label') ?? [];
  const label = button.label === undefined ? 'Yes / Maybe / No' : printable(textFor(button.label, language));
  return `    [ ${label} ] ${kind} ${target}`;
}

const audienceLine = ({ channel, language, people, skipped }: AudienceCount): string =>
  `  ${channel.padEnd(10)}${(language ?? '?').padEnd(8)}${String(people).padStart(7)}${skipped > 0 ? ` and ${skipped} not` : ''}`;

async function schedule(wiring: NoticesWiring, id: string, options: Schedule): Promise<void> {
  const { announcer, processes } = wiring;
  const { recipients } = await announcer.preview(id);
  if (!options.yes) await agree(recipients);
  const zone = options.zone ?? (await processes.current())?.timeZone;
  const { at } = await announcer.schedule(id, { ...(options.at && { at: options.at }), ...(zone && { zone }) });
  const words = `The first message goes at ${at.toISOString()}. Until then: hearback notices cancel ${id}`;
  print(options.json ? JSON.stringify({ id, at }) : words);
}

/** @throws Mistake when nobody is there to ask, or the answer is no. */
async function agree(recipients: number): Promise<void> {
  const message = `Send to ${recipients} people?`;
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw new Mistake(`${message} Say --yes to send it.`);
  if ((await confirm({ message })) !== true) throw new Mistake('Nothing is sent.');
}

async function status({ announcer }: NoticesWiring, id: string | undefined, { json }: Json): Promise<void> {
  if (id !== undefined) {
    const one = await announcer.status(id);
    return print(json ? JSON.stringify(one) : statusLine(one));
  }
  const all = await announcer.statuses();
  print(json ? JSON.stringify(all) : all.map(statusLine).join('\n') || 'No notices yet.');
}

function statusLine({ id, state, recipients, sent, failed, skipped, uncertain }: NoticeStatus): string {
  const parts = Object.entries({ sent, failed, skipped, uncertain }).filter(([, count]) => count > 0);
  const counts = parts.map(([name, count]) => `${count} ${name}`).join(', ');
  return `${id}  ${state.padEnd(9)}  ${recipients} recipients${counts ? `: ${counts}` : ''}`;
}

const print = (text: string): void => void process.stdout.write(`${text}\n`);
