import type { Views } from '../../compose/views.ts';
import { commandLine } from '../../core/commandLine.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from '../../process/process.ts';
import { agreementOn, type Missing, quorumOf, waitingForSides } from '../../responses/quorum.ts';
import { counted } from './words.ts';

interface Seen {
  views: Pick<Views, 'members' | 'proposals'>;
  processes: { current(): Promise<ProcessDefinition | null> };
}

/** Proposed decisions, counted by whom they wait for. */
export interface ProposalsWaiting {
  proposed: number;
  waiting: Missing[];
  /** Of these: how many cannot come about as they are. */
  failed: number;
}

/** Of a process by its id; of the current one when that is null. */
export async function proposalsWaiting(
  { views, processes }: Seen,
  process: number | null = null,
): Promise<ProposalsWaiting> {
  const [proposals, members] = await Promise.all([views.proposals(), views.members()]);
  const deciding = {
    members: await members.listed(),
    quorum: quorumOf((await processes.current()) ?? DEFAULT_PROCESS),
  };
  const open = (await proposals.open(process)).map(({ opinions, interested }) =>
    agreementOn(opinions, interested, deciding),
  );
  return {
    proposed: open.length,
    waiting: waitingForSides(open),
    failed: open.filter(({ failed }) => failed).length,
  };
}

/** What they wait for, a line each. */
export function proposedWords({ waiting, failed }: Pick<ProposalsWaiting, 'waiting' | 'failed'>): string[] {
  const lines = waiting.map(({ side, count }) => {
    const whom = side === null ? 'a second member' : `the side of ${side}`;
    return `${counted(count, 'proposed decision waits', 'proposed decisions wait')} for ${whom}: /organize in the chat`;
  });
  if (failed === 0) return lines;
  const dead = counted(failed, 'proposed decision', 'proposed decisions');
  const why = `too few members are left to confirm: ${commandLine('members list')}`;
  return [...lines, `${dead} cannot come about as ${failed === 1 ? 'it is' : 'they are'}, ${why}`];
}
