import type { Readable, Writable } from 'node:stream';
import { confirm } from '@clack/prompts';
import type { Actions } from '../../actions/actions.ts';
import { channelTitle } from '../../channels/registry.ts';
import type { Views } from '../../compose/views.ts';
import type { Clock } from '../../core/clock.ts';
import { UserError } from '../../core/errors.ts';
import type { Told } from '../../process/publication.ts';
import type { ProcessRecords } from '../../process/stored.ts';
import { counted, grouped } from './words.ts';

/** What these commands need of the running system. */
export interface ProcessWiring {
  views: Pick<
    Views,
    | 'contributions'
    | 'finalizations'
    | 'gate'
    | 'members'
    | 'notices'
    | 'proposals'
    | 'publication'
    | 'threads'
    | 'timelines'
  >;
  processes: ProcessRecords;
  actions(): Promise<Pick<Actions, 'process' | 'expect'>>;
  clock: Clock;
  flowsDir: string;
  holdSeconds: number;
  /** The flows that a button can begin. */
  targets(): Promise<{ flows: readonly string[] }>;
  close(): Promise<void>;
}

/** Where a command is spoken to, and speaks. */
export interface Terminal {
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean };
  stderr: Writable;
}

export const peopleWords = (people: number): string => counted(people, 'person', 'people');

/** ` (12 on Slack, 100 on Telegram with 2 groups)` */
export function channelWords(told: readonly Told[]): string {
  const each = told.map(({ channel, people, groups }) => {
    const beside = groups === 0 ? '' : ` with ${counted(groups, 'group')}`;
    return `${grouped(people)} on ${channelTitle(channel)}${beside}`;
  });
  return each.length === 0 ? '' : ` (${each.join(', ')})`;
}

/** @throws UserError when nobody is there to ask (`alone`), or the answer is no (`refused`). */
export async function ask(
  message: string,
  output: Writable,
  { stdin, stdout }: Terminal,
  { refused, alone }: { refused: string; alone: string },
): Promise<void> {
  if (!stdin.isTTY || !stdout.isTTY) throw new UserError(alone);
  if ((await confirm({ message, input: stdin, output })) !== true) throw new UserError(refused);
}
