import { createHash } from 'node:crypto';
import { isFarFrom } from '../core/agreedCount.ts';
import { commandLine } from '../core/commandLine.ts';
import { isMadeForEach } from '../notices/kinds.ts';
import type { Notice, NoticeState } from '../notices/notice.ts';
import { canonical } from '../process/publication.ts';
import type { StoredProcess } from '../process/stored.ts';
import { Refused } from './refused.ts';

/** What somebody was shown of a notice when they agreed to something; what is left out was not shown. */
export interface ShownState {
  /** How many it goes to. */
  recipients?: number;
  /** The mark of the words that they read, see `wordsMark`; notices written for each reader have none. */
  words?: string;
  state?: NoticeState;
}

/** It is not what was shown any more. */
export class OtherThanShown extends Refused {
  constructor(
    readonly what: keyof ShownState,
    message: string,
  ) {
    super('agreed', message);
  }
}

/** Six hexadecimal digits of a hash over the words of a notice. */
export const wordsMark = ({ texts, buttons }: Pick<Notice, 'texts' | 'buttons'>): string =>
  createHash('sha256').update(canonical({ texts, buttons })).digest('hex').slice(0, 6);

/** @throws OtherThanShown */
export function expectShown(shown: ShownState, notice: Notice, recipients: number): void {
  const { id, state } = notice;
  if (shown.state !== undefined && shown.state !== state)
    throw new OtherThanShown('state', `Notice ${id} is ${state} by now. Look at it, and do it again.`);
  if (shown.recipients !== undefined && isFarFrom(shown.recipients, recipients))
    throw new OtherThanShown(
      'recipients',
      `Nothing is done: it goes to ${recipients} by now, and ${shown.recipients} were agreed to. Do it again, and agree to that.`,
    );
  if (shown.words !== undefined && !isMadeForEach(notice.kind) && shown.words !== wordsMark(notice))
    throw new OtherThanShown('words', `Notice ${id} has other words by now. Read them, and do it again.`);
}

type Shown = Pick<StoredProcess, 'key' | 'closedAt' | 'definition'>;

/** A hash over the whole process that somebody was shown. */
export const processMark = ({ key, closedAt, definition }: Shown): string =>
  createHash('sha256')
    .update(canonical({ key, closed: closedAt !== null, definition }))
    .digest('hex');

/** @param shown the mark of what was shown; left out: nothing was. @throws Refused */
export function expectProcessShown(shown: string | undefined, process: Shown): void {
  if (shown === undefined || shown === processMark(process)) return;
  throw new Refused(
    'agreed',
    `Nothing is done: somebody has changed the process since it was shown. See \`${commandLine('process history')}\`, and do it again.`,
  );
}
