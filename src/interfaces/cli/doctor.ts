import type { Command } from 'commander';
import { CHANNEL_NAMES, channelKind, channelsIn } from '../../channels/registry.ts';
import { type Config, readConfig } from '../../config.ts';
import type { ChannelName } from '../../core/channelName.ts';
import { commandLine } from '../../core/commandLine.ts';
import { UserError } from '../../core/errors.ts';
import { errorFacts } from '../../core/pinoLog.ts';
import { commandNamed } from './commands.ts';
import { firstSteps } from './firstSteps.ts';

/** `wrong` keeps Hearback from working; a `hint` does not. */
export interface Finding {
  area: 'configuration' | Part;
  state: 'fine' | 'hint' | 'wrong';
  what: string;
  /** Null where there is nothing to do, or where `what` says it. */
  remedy: string | null;
}

/** What the check of one part finds. */
export type Found = Omit<Finding, 'area'>;
type Part = 'data' | 'database' | 'service' | 'process' | 'queue' | 'flows' | ChannelName;

/**
 * A check for each part, left out where the part is not used. It resolves with a line on what was found, or with
 * findings where something is wrong; it throws a UserError with its remedy, or whatever the part throws when it does
 * not answer.
 */
export type Probes = Partial<Record<Part, () => Promise<string | Found[]>>>;

const PARTS: Part[] = ['data', 'database', 'service', 'process', 'queue', ...CHANNEL_NAMES, 'flows'];
const REMEDY: Record<string, string> = {
  data: 'See that DATA_DIR is a folder that this user may write to.',
  database:
    'See that PostgreSQL runs and that DATABASE_URL reaches it from this machine; unset, that DATA_DIR is writable.',
  service: 'See that this machine gives HOST and PORT.',
  process: 'See to the database first.',
  queue: 'See that Redis runs and that REDIS_URL reaches it from this machine; unset, the queue needs the database.',
  ...Object.fromEntries(CHANNEL_NAMES.map((name) => [name, channelKind(name).remedy])),
  flows: 'See that FLOWS_DIR is the folder of the flows and can be read.',
};

/** `doctor`: prints the findings; the exit code is 1 when something is wrong. */
export function addDoctorCommand(program: Command, probesFor: (config: Config) => Probes): void {
  commandNamed(program, 'doctor')
    .option('--json', 'the findings as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const findings = await runDoctor(() => readConfig(), probesFor);
      process.stdout.write(`${json ? JSON.stringify(findings) : doctorWords(findings)}\n`);
      if (!isHealthy(findings)) process.exitCode = 1;
    });
}

/**
 * Checks the configuration, then all parts at once; a part that does not answer counts as wrong.
 * @param patienceMs how long a part may take.
 */
export async function runDoctor(
  read: () => Config,
  probesFor: (config: Config) => Probes,
  patienceMs = 30_000,
): Promise<Finding[]> {
  let config: Config;
  try {
    config = read();
  } catch (error) {
    return mistakeFindings('configuration', error);
  }
  const probes = probesFor(config);
  const looks = PARTS.flatMap((part) => {
    const probe = probes[part];
    return probe ? [look(part, probe, patienceMs)] : [];
  });
  return [...configurationFindings(config), ...(await Promise.all(looks)).flat()];
}

/** The findings as lines for a terminal. */
export function doctorWords(findings: readonly Finding[]): string {
  const signs = { fine: '✓', hint: '!', wrong: '✗' };
  return findings
    .flatMap(({ area, state, what, remedy }) => [
      `${signs[state]} ${area}: ${what}`,
      ...(remedy?.split('\n').map((line) => `    ${line}`) ?? []),
    ])
    .join('\n');
}

export const isHealthy = (findings: readonly Finding[]): boolean => findings.every(({ state }) => state !== 'wrong');

/** Counts updates that could not be handled. */
export function waitingUpdates(count: number): Found[] {
  if (count === 0) return [];
  const what =
    count === 1 ? 'one update could not be handled and waits' : `${count} updates could not be handled and wait`;
  const remedy = `\`${commandLine('updates list')}\` shows them, and what becomes of them.`;
  return [{ state: 'hint', what, remedy }];
}

/** Counts replies that may not have arrived. */
export function unsureReplies(count: number): Found[] {
  if (count === 0) return [];
  const what = `${count === 1 ? 'one reply' : `${count} replies`} of the last week may not have arrived`;
  const remedy = `The line to the platform was cut for longer than they are tried again. \`${commandLine('notices uncertain')}\` lists them.`;
  return [{ state: 'hint', what, remedy }];
}

/** Files that people sent and that could not be fetched yet. */
export function missingFiles({ wanted, refused }: { wanted: number; refused: number }): Found[] {
  const late = 'They are tried again by themselves, ever more rarely, for some days.';
  const lost = `Ask their authors for them: \`${commandLine('contributions files REFERENCE')}\` says which they are.`;
  return [
    ...(wanted > 0 ? [{ state: 'hint', what: `files not fetched yet: ${wanted}`, remedy: late } as const] : []),
    ...(refused > 0
      ? [{ state: 'hint', what: `files the platform does not give: ${refused}`, remedy: lost } as const]
      : []),
  ];
}

async function look(area: Part, probe: NonNullable<Probes[Part]>, patienceMs: number): Promise<Finding[]> {
  try {
    const found = await withPatience(probe, patienceMs);
    const all: Found[] = typeof found === 'string' ? [{ state: 'fine', what: found, remedy: null }] : found;
    return all.map((one) => ({ area, ...one }));
  } catch (error) {
    if (error instanceof UserError) return mistakeFindings(area, error);
    return [{ area, state: 'wrong', what: reason(error), remedy: REMEDY[area] ?? null }];
  }
}

function configurationFindings(config: Config): Finding[] {
  const area = 'configuration';
  const way = config.proxy ? `; the platforms are reached through the proxy ${new URL(config.proxy.url).host}` : '';
  const channels = channelsIn(config);
  const doubts = channels.flatMap(({ kind, settings }) => kind.doubts(settings, config.publicUrl));
  if (channels.length > 0)
    return [
      { area, state: 'fine', what: `role ${config.role}${way}`, remedy: null },
      ...doubts.map((doubt) => ({ area, ...doubt }) as const),
    ];
  const what = 'no platform is set up, so nobody can talk to Hearback';
  return [{ area, state: 'hint', what, remedy: firstSteps().join('\n') }];
}

function mistakeFindings(area: Finding['area'], error: unknown): Finding[] {
  if (!(error instanceof UserError)) throw error;
  return error.all.map((what) => ({ area, state: 'wrong', what, remedy: null }));
}

/** The innermost cause is the most telling: "fetch failed" hides a refused connection. */
function reason(error: unknown): string {
  let facts = errorFacts(error);
  while (facts.cause) facts = facts.cause as Record<string, unknown>;
  return String(facts.message || facts.code || facts.type);
}

async function withPatience<T>(probe: () => Promise<T>, patienceMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${patienceMs / 1000} seconds`)), patienceMs);
  });
  try {
    return await Promise.race([probe(), silence]);
  } finally {
    clearTimeout(timer);
  }
}
