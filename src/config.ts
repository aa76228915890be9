import { z } from 'zod';
import { CHANNEL_KINDS, type ChannelConfig, channelConfig } from './channels/registry.ts';
import { readEnvFile } from './core/envFile.ts';
import { address, type GivenKeys, type KeyRule, ownAddress, webAddress, whole } from './core/envKeys.ts';
import { UserError } from './core/errors.ts';
import { LOG_LEVELS, type LogLevel } from './core/log.ts';
import type { ProxySettings } from './core/proxy.ts';
import { readDatabaseUrl } from './store/databaseUrl.ts';

const ROLES = ['all', 'web', 'worker'] as const;
export type ServiceRole = (typeof ROLES)[number];

/** Every key of the environment: what is accepted, its default, and the line of help that the README prints. */
const OWN_FIRST = z.object({
  DATABASE_URL: z
    .string()
    .transform(databaseUrl)
    .optional()
    .describe('PostgreSQL. Unset: an embedded PostgreSQL in `DATA_DIR`.'),
  REDIS_URL: address(['redis:', 'rediss:'], 'redis://host:6379')
    .optional()
    .describe('Redis or Valkey for the queue. Unset: the queue lives in the same PostgreSQL.'),
  DATA_DIR: z
    .string()
    .default('./.data')
    .describe('Folder of the embedded database, and of the list of who was erased.'),
  FLOWS_DIR: z.string().default('./flows').describe('Folder of the conversations.'),
  HOST: z.string().default('127.0.0.1').describe('Address to listen on.'),
  PORT: whole(0, 65_535).default(3000).describe('Port to listen on; 0 takes any free one.'),
  PUBLIC_URL: webAddress('https://bot.example.org')
    .optional()
    .describe('Where the outside reaches this service. Unset: `http://HOST:PORT`.'),
});
const OWN_LAST = z.object({
  HTTPS_PROXY: address(['http:', 'https:'], 'http://proxy.example.org:3128')
    .optional()
    .describe('Proxy by which the platforms are reached; `https_proxy` as well.'),
  NO_PROXY: z
    .string()
    .optional()
    .describe('Hosts that are reached without it, with commas between; `no_proxy` as well.'),
  ROLE: oneOf(ROLES).default('all').describe('`all`, or `web` and `worker` on machines of their own.'),
  LOG_LEVEL: oneOf(LOG_LEVELS)
    .default('info')
    .describe(`One of ${LOG_LEVELS.join(', ')}.`),
  NOTICE_HOLD_SECONDS: whole(0, 86_400)
    .default(120)
    .describe(
      'How long a notice, or answers to more than 50 people, can still be called back before the first message goes.',
    ),
  APPROVAL_ABOVE: whole(0, 1_000_000_000)
    .default(500)
    .describe("More recipients than this need a second member's approval."),
});

const CHANNEL_KEYS: z.ZodRawShape = Object.assign({}, ...CHANNEL_KINDS.map(({ keys }) => keys));
const OWN = z.object({ ...OWN_FIRST.shape, ...OWN_LAST.shape });
const KEYS: z.ZodRawShape = { ...OWN_FIRST.shape, ...CHANNEL_KEYS, ...OWN_LAST.shape };

/** With the settings of each channel by its name; null where it is not set up. */
export interface Config extends ChannelConfig {
  /** Null: the platforms are reached directly. */
  proxy: ProxySettings | null;
  /** Null: the embedded database in `dataDir`. */
  databaseUrl: string | null;
  /** Null: the queue lives in the database. */
  redisUrl: string | null;
  dataDir: string;
  flowsDir: string;
  host: string;
  port: number;
  /** Without a slash at its end. */
  publicUrl: string;
  role: ServiceRole;
  logLevel: LogLevel;
  noticeHoldSeconds: number;
  approvalAbove: number;
}

/**
 * The configuration that an environment means; an empty value counts as unset. Left out, it is this process's own, and
 * what that does not mention is read from `.env` in the working folder.
 * @throws UserError that lists everything wrong at once, each with its key and remedy, and shows no value.
 */
export function readConfig(env?: NodeJS.ProcessEnv): Config {
  const file = env ? null : readEnvFile('.env');
  const own = env ?? process.env;
  const given = valuesSet({ ...file?.values, ...own });
  const read = z.object(KEYS).safeParse(given);
  const shape = read.error?.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`) ?? [];
  const mistakes = [...shape, ...RULES.flatMap((rule) => rule(given) ?? [])].map((mistake) => {
    const key = mistake.split(':', 1)[0] ?? '';
    const place = own[key] === undefined ? file?.place(key) : null;
    return place ? `${place}: ${mistake}` : mistake;
  });
  if (!read.success || mistakes.length > 0) throw new UserError(mistakes.join('\n'), mistakes);
  return configOf(OWN.parse(given), read.data);
}

/** Whether somebody looks for a fault of Hearback's own, even where the configuration has mistakes. */
export const looksForFaults = (): boolean => /^(debug|trace)$/.test(process.env.LOG_LEVEL ?? '');

/** The keys as a table in Markdown; the README holds exactly this. */
export function environmentTable(): string {
  const rows = Object.entries(KEYS).map(([key, field]) => {
    const fallback = z.safeParse(field, undefined).data;
    const { description } = z.globalRegistry.get(field) ?? {};
    return `| \`${key}\` | ${fallback === undefined ? '' : `\`${fallback}\``} | ${description} |`;
  });
  return ['| key | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

/** What no key alone can tell; each rule looks at the raw values, so that it speaks even when other keys are wrong. */
const RULES: readonly KeyRule[] = [
  ...CHANNEL_KINDS.flatMap(({ rules }) => rules),
  ({ ROLE, DATABASE_URL }) =>
    (ROLE === 'web' || ROLE === 'worker') && !DATABASE_URL
      ? `ROLE: ${ROLE} shares its database with other machines. Set DATABASE_URL to a PostgreSQL that all of them reach, or ROLE to all.`
      : null,
];

function configOf(values: z.output<typeof OWN>, all: unknown): Config {
  const proxy = values.HTTPS_PROXY ? { url: values.HTTPS_PROXY, except: values.NO_PROXY ?? '' } : null;
  return {
    proxy,
    databaseUrl: values.DATABASE_URL ?? null,
    redisUrl: values.REDIS_URL ?? null,
    dataDir: values.DATA_DIR,
    flowsDir: values.FLOWS_DIR,
    host: values.HOST,
    port: values.PORT,
    publicUrl: values.PUBLIC_URL ?? ownAddress(values.HOST, values.PORT),
    ...channelConfig(all, proxy),
    role: values.ROLE,
    logLevel: values.LOG_LEVEL,
    noticeHoldSeconds: values.NOTICE_HOLD_SECONDS,
    approvalAbove: values.APPROVAL_ABOVE,
  };
}

/** Compose files and shells pass `KEY=` for what nobody set. */
function valuesSet(env: NodeJS.ProcessEnv): GivenKeys {
  const keys = Object.keys(KEYS);
  const wordFor = (key: string) => env[key] || (key.endsWith('_PROXY') ? env[key.toLowerCase()] : undefined);
  return Object.fromEntries(keys.map((key) => [key, wordFor(key)?.trim()]).filter(([, value]) => value));
}

function databaseUrl(value: string, context: z.RefinementCtx): string {
  const read = readDatabaseUrl(value);
  if ('url' in read) return read.url;
  context.addIssue({ code: 'custom', message: read.mistake });
  return z.NEVER;
}

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, `must be one of ${values.join(', ')}.`);
}
