import { setTimeout as sleep } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import { commandLine } from '../../../core/commandLine.ts';
import type { NoticeStatus } from '../../../notices/notice.ts';
import { duration, grouped, unsent } from '../words.ts';
import { statusText } from './status.ts';
import type { NoticesContext } from './wiring.ts';

const LOOK_AGAIN_MS = 500;
const FORMAT = '{bar} {percentage}%  {done} of {whole}{pace}{trouble}';

/** A bar until the notice is over, then its status. Ctrl-C ends the watching, never the notice. */
export async function watchNotice(context: NoticesContext, id: string): Promise<void> {
  const leaving = new AbortController();
  const leave = () => leaving.abort();
  process.once('SIGINT', leave);
  try {
    const over = await follow(context, id, leaving.signal);
    const words = over
      ? await statusText(context, id)
      : `The notice goes on without you. See it again: ${commandLine(`notices status ${id} --watch`)}`;
    context.print(words);
  } finally {
    process.off('SIGINT', leave);
  }
}

/** True when it is over, false when somebody had seen enough. */
async function follow(context: NoticesContext, id: string, signal: AbortSignal): Promise<boolean> {
  const { stderr } = context.terminal;
  const ask = () => context.records.status(id);
  const tell = telling(context);
  const bar = new SingleBar({
    stream: stderr as NodeJS.WriteStream,
    format: FORMAT,
    hideCursor: true,
    barsize: 30,
    linewrap: false,
    gracefulExit: false,
  });
  let status = await ask();
  bar.start(whole(status), done(status), payload(status));
  try {
    for (; !isOver(status) && !signal.aborted; status = await ask()) {
      await tell(status);
      show(bar, status);
      await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
    show(bar, status);
    return isOver(status);
  } finally {
    bar.stop();
  }
}

/** What a bar cannot say: that no service runs; and, without a terminal, how things stand. */
function telling({ services, terminal: { stderr } }: NoticesContext): (status: NoticeStatus) => Promise<void> {
  let told = '';
  return async (status) => {
    const away = !isOver(status) && (await services()).length === 0 ? unsent('it') : '';
    const bar = (stderr as { isTTY?: boolean }).isTTY ? '' : `Notice ${status.id}: ${status.state}`;
    const words = [bar, away].filter(Boolean).join('. ');
    if (words !== told && words !== '') stderr.write(`${words}\n`);
    told = words;
  };
}

function show(bar: SingleBar, status: NoticeStatus): void {
  bar.setTotal(whole(status));
  bar.update(done(status), payload(status));
}

const isOver = ({ state, open }: NoticeStatus): boolean => state === 'done' || (state === 'cancelled' && open === 0);

/** Before it begins nobody knows how many they will be. */
const whole = ({ recipients }: NoticeStatus): number => Math.max(1, recipients);
const done = ({ recipients, open }: NoticeStatus): number => recipients - open;

function payload(status: NoticeStatus) {
  return {
    done: grouped(done(status)),
    whole: grouped(status.recipients),
    pace: pace(status),
    trouble: trouble(status),
  };
}

function pace({ state, approval, perSecond, secondsLeft }: NoticeStatus): string {
  if (state === 'scheduled') return approval === 'needed' ? ', waits for approval' : ', has not begun';
  if (state !== 'running') return `, ${state}`;
  const rate = perSecond === null ? '' : `, ${perSecond} a second`;
  return secondsLeft === null ? rate : `${rate}, ${duration(secondsLeft)} left`;
}

function trouble({ failed, skipped, uncertain }: NoticeStatus): string {
  const parts = Object.entries({ failed, skipped, uncertain }).filter(([, count]) => count > 0);
  return parts.map(([name, count]) => `, ${grouped(count)} ${name}`).join('');
}
