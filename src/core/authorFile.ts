import { commandLine } from './commandLine.ts';
import { UserError } from './errors.ts';

/** What authors write, each with the keys that only it has and the command that takes it. */
const KINDS = {
  process: {
    keys: ['timeZone', 'stages', 'startsOn', 'questions', 'themes'],
    takenBy: (file: string) => commandLine(`process apply ${file}`),
  },
  notice: { keys: ['kind', 'texts', 'audience'], takenBy: (file: string) => commandLine(`notices create ${file}`) },
} as const;

/** @throws UserError in one line when this is the file of something else, with the command that takes that */
export function expectFileOf(kind: keyof typeof KINDS, value: unknown, file: string): void {
  if (typeof value !== 'object' || value === null) return;
  const has = (which: keyof typeof KINDS) => KINDS[which].keys.filter((key) => key in value).length;
  const other = kind === 'process' ? 'notice' : 'process';
  if (has(kind) > 0 || has(other) < 2) return;
  throw new UserError(`${file}: this is a ${other} file, not a ${kind} file: ${KINDS[other].takenBy(file)} takes it.`);
}
