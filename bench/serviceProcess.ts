import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const HEARBACK = fileURLToPath(new URL('../../dist/hearback.js', import.meta.url));
const UP = /"port":(\d+)[^\n]*"msg":"Hearback is up"/;

/** `hearback start` as a process of its own, for as long as the work takes. @param work is given where it listens */
export async function withService<T>(env: Record<string, string>, work: (url: string) => Promise<T>): Promise<T> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [HEARBACK, 'start'], {
    env: { PATH, HOME, PORT: '0', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = once(child, 'exit');
  try {
    const up = new Promise<string>((resolve) => {
      let log = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        const port = UP.exec(log)?.[1];
        if (port) resolve(`http://127.0.0.1:${port}`);
      });
    });
    const url = await Promise.race([up, gone]);
    if (typeof url !== 'string') throw new Error('The service ended before it was up.');
    return await work(url);
  } finally {
    child.kill('SIGTERM');
    await gone;
  }
}
