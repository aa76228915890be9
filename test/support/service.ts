import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { flowsAtOnce } from './atOnce.ts';
import { NOTHING_SET } from './command.ts';

const PATHS = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };

/** What people are answered in a test waits for no platform's rate. */
const UNLIMITED = { TELEGRAM_MESSAGES_PER_SECOND: '1000', SLACK_MESSAGES_PER_SECOND: '1000' };

export interface Running {
  child: ChildProcess;
  /** Where its web part listens. */
  url: string;
  /** Its log so far, one JSON line an event. */
  log(): string;
  /** Resolves when it has ended. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** `hearback start` as a process of its own, up and listening. */
export async function startProcess(env: Record<string, string>): Promise<Running> {
  const child = spawn(process.execPath, ['dist/hearback.js', 'start'], {
    env: {
      ...NOTHING_SET,
      ...PATHS,
      PORT: '0',
      NOTICE_HOLD_SECONDS: '0',
      FLOWS_DIR: flowsAtOnce(),
      ...UNLIMITED,
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let ending = false;
  const kill = async (signal: NodeJS.Signals = 'SIGKILL') => {
    ending = true;
    child.kill(signal);
    await gone;
  };
  onTestFinished(() => kill());
  let log = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      const up = /"port":(\d+)[^\n]*"msg":"Hearback is up"/.exec(log);
      if (up) resolve(`http://127.0.0.1:${up[1]}`);
    });
    void gone.then(() => reject(new Error(`The service ended before it was up:\n${log}`)));
  });
  void gone.then(() => ending || console.error(`The service ended by itself:\n${log}`));
  return { child, url, log: () => log, kill };
}

/** What `/health` answers; 0 when nothing listens. */
export const health = ({ url }: Running): Promise<number> =>
  fetch(`${url}/health`).then(
    (answer) => answer.status,
    () => 0,
  );
