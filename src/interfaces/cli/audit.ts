import type { Command } from 'commander';
import { ACTION_NAMES, ACTIONS } from '../../actions/table.ts';
import type { Views } from '../../compose/views.ts';
import { isLocal, momentOf } from '../../core/calendar.ts';
import { meant } from '../../core/didYouMean.ts';
import { UserError } from '../../core/errors.ts';
import type { AuditEntry } from '../../people/actor.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from '../../process/process.ts';
import { commandNamed } from './commands.ts';
import { withWiring } from './wiring.ts';
import { clockTime, columns, print } from './words.ts';

/** What this command needs of the running system. */
export interface AuditWiring {
  views: Pick<Views, 'audit'>;
  processes: { current(): Promise<ProcessDefinition | null> };
  close(): Promise<void>;
}

interface Wanted {
  since?: string;
  deed?: string;
  member?: string;
  json?: boolean;
}

/** `audit`: what members and operators did, or were refused. */
export function addAuditCommand(program: Command, wire: () => Promise<AuditWiring>): void {
  commandNamed(program, 'audit')
    .option('--since <date>', 'only from this day or time on, of the clock of the process: 2027-03-14')
    .option('--deed <deed>', `only this: ${ACTION_NAMES.slice(0, 3).join(', ')}...`)
    .option('--member <member>', 'only what this member did; operator: whoever was at the terminal and did not say who')
    .option('--json', 'an array of objects')
    .action((wanted: Wanted) => withWiring(wire, (wiring) => audit(wiring, wanted)));
}

async function audit({ views, processes }: AuditWiring, { since, deed, member, json }: Wanted): Promise<void> {
  const { timeZone } = (await processes.current()) ?? DEFAULT_PROCESS;
  if (deed !== undefined && !Object.hasOwn(ACTIONS, deed))
    throw new UserError(`--deed: nothing is called "${deed}". ${meant(deed, ACTION_NAMES)}`);
  const entries = await views.audit({
    ...(since !== undefined && { since: new Date(momentOf(localSince(since), timeZone)) }),
    ...(deed !== undefined && { action: deed }),
    ...(member !== undefined && { actor: member }),
  });
  print(json ? JSON.stringify(entries) : auditLines(entries, timeZone));
}

function auditLines(entries: readonly AuditEntry[], zone: string): string {
  if (entries.length === 0) return 'Nothing of that kind was done.';
  const rows = entries.map(({ at, actor, action, subject, outcome, detail, ...entry }) => [
    clockTime(at, zone),
    actor,
    entry.interface,
    action,
    subject ?? '',
    outcome,
    Object.entries(detail ?? {})
      .map(([key, value]) => `${key} ${value}`)
      .join(', '),
  ]);
  return columns(rows, ['at', 'who', 'by', 'deed', 'on', 'outcome', '']).join('\n');
}

/** What `--since` says. @throws UserError for what is not a date */
function localSince(since: string): string {
  if (isLocal(since)) return since;
  throw new UserError(
    `--since: "${since}" is not a date. Write it like 2027-03-14, or with a time like 2027-03-14T09:00.`,
  );
}
