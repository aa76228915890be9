import { z } from 'zod';
import { readEnvFile } from './core/envFile.ts';
import { UserError } from './core/errors.ts';
import { LOG_LEVELS, type LogLevel } from './core/log.ts';
import { type ProxySettings, proxyFor } from './core/proxy.ts';
import { readDatabaseUrl } from './store/databaseUrl.ts';

const ROLES = ['all', 'web', 'worker'] as const;
export type ServiceRole = (typeof ROLES)[number];

/** Every key of the environment: what is accepted, its default, and the line of help that the README prints. */
const KEYS = z.object({
  DATABASE_URL: z
    .string()
    .transform(databaseUrl)
    .optional()
    .describe('PostgreSQL. Unset: an embedded PostgreSQL in `DATA_DIR`.'),
  REDIS_URL: address(['redis:', 'rediss:'], 'redis://host:6379')
    .optional()
    .describe('Redis or Valkey for the queue. Unset: the queue lives in the same PostgreSQL.'),
  DATA_DIR: z.string().default('./.data').describe('Folder of the embedded database.'),
  FLOWS_DIR: z.string().default('./flows').describe('Folder of the conversations.'),
  HOST: z.string().default('127.0.0.1').describe('Address to listen on.'),
  PORT: whole(0, 65_535).default(3000).describe('Port to listen on; 0 takes any free one.'),
  PUBLIC_URL: webAddress('https://bot.example.org')
    .optional()
    .describe('Where the outside reaches this service. Unset: `http://HOST:PORT`.'),
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]+$/, 'is not a bot token: copy the line that @BotFather gives, digits, a colon, letters.')
    .optional()
    .describe('Token from @BotFather. Set: Hearback is on Telegram.'),
  TELEGRAM_API_ROOT: webAddress('https://api.telegram.org')
    .default('https://api.telegram.org')
    .describe('Another Bot API server, for example your own.'),
  TELEGRAM_WEBHOOK_SECRET: z
    .string()
    .regex(/^[\w-]{1,256}$/, 'must be 1 to 256 of A-Z a-z 0-9 _ -; `openssl rand -hex 32` makes a good one.')
    .optional()
    .describe('Set: webhook at `PUBLIC_URL/telegram/webhook`, refused without this secret. Unset: long polling.'),
  TELEGRAM_MESSAGES_PER_SECOND: whole(1, 1000).default(30).describe('Most messages a second to all chats together.'),
  SLACK_BOT_TOKEN: z
    .string()
    .regex(
      /^(xoxe\.)?xoxb-/,
      'is not a bot token: copy the one beginning with xoxb- from "OAuth & Permissions" of the app.',
    )
    .optional()
    .describe('Bot token, `xoxb-…`. Set: Hearback is on Slack.'),
  SLACK_API_URL: webAddress('https://slack.com/api')
    .default('https://slack.com/api')
    .describe('Another Slack API address.'),
  SLACK_APP_TOKEN: z
    .string()
    .regex(
      /^xapp-/,
      'is not an app-level token: make one beginning with xapp- at "Basic Information" with connections:write.',
    )
    .optional()
    .describe('App-level token, `xapp-…`. Set: Socket Mode, no public address needed.'),
  SLACK_SIGNING_SECRET: z
    .string()
    .regex(
      /^(?!xox|xapp-)\S+$/,
      'is not a signing secret: copy it from "Basic Information" of the app; it is not a token.',
    )
    .optional()
    .describe('Set: HTTP events at `PUBLIC_URL/slack/events`, checked against it.'),
  SLACK_MESSAGES_PER_SECOND: whole(1, 1000).default(8).describe('Most messages a second to one workspace.'),
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

type Key = keyof z.infer<typeof KEYS>;
type Given = Partial<Record<Key, string>>;

export interface Config {
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
  /** Null: not on Telegram. A `webhookSecret` of null means long polling. */
  telegram: {
    botToken: string;
    apiRoot: string;
    webhookSecret: string | null;
    messagesPerSecond: number;
    /** Null: reached directly. */
    proxy: string | null;
  } | null;
  /** Null: not on Slack. At least one of `appToken` (Socket Mode) and `signingSecret` (HTTP) is set. */
  slack: {
    botToken: string;
    apiUrl: string;
    appToken: string | null;
    signingSecret: string | null;
    messagesPerSecond: number;
    /** Null: reached directly. */
    proxy: string | null;
  } | null;
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
  const read = KEYS.safeParse(given);
  const shape = read.error?.issues.map((issue) => `${String(issue.path[0])}: ${issue.message}`) ?? [];
  const mistakes = [...shape, ...RULES.flatMap((rule) => rule(given) ?? [])].map((mistake) => {
    const key = mistake.split(':', 1)[0] ?? '';
    const place = own[key] === undefined ? file?.place(key) : null;
    return place ? `${place}: ${mistake}` : mistake;
  });
  if (!read.success || mistakes.length > 0) throw new UserError(mistakes.join('\n'), mistakes);
  return configOf(read.data);
}

/** Whether somebody looks for a fault of Hearback's own, even where the configuration has mistakes. */
export const looksForFaults = (): boolean => /^(debug|trace)$/.test(process.env.LOG_LEVEL ?? '');

/** The keys as a table in Markdown; the README holds exactly this. */
export function environmentTable(): string {
  const rows = Object.entries(KEYS.shape).map(([key, field]) => {
    const fallback = field.safeParse(undefined).data;
    return `| \`${key}\` | ${fallback === undefined ? '' : `\`${fallback}\``} | ${field.description} |`;
  });
  return ['| key | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

/** What no key alone can tell; each rule looks at the raw values, so that it speaks even when other keys are wrong. */
const RULES: ((given: Given) => string | null)[] = [
  ({ SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET }) =>
    SLACK_BOT_TOKEN && !SLACK_APP_TOKEN && !SLACK_SIGNING_SECRET
      ? 'SLACK_BOT_TOKEN: nothing says how events arrive. Set SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET (HTTP).'
      : null,
  needs('SLACK_APP_TOKEN', 'SLACK_BOT_TOKEN'),
  needs('SLACK_SIGNING_SECRET', 'SLACK_BOT_TOKEN'),
  needs('TELEGRAM_WEBHOOK_SECRET', 'TELEGRAM_BOT_TOKEN'),
  (given) =>
    given.TELEGRAM_WEBHOOK_SECRET && !canTakeWebhooks(given.PUBLIC_URL ?? ownAddress(given.HOST, given.PORT))
      ? 'TELEGRAM_WEBHOOK_SECRET: Telegram sends webhooks to https only. Set PUBLIC_URL to the https address of this service, or unset the secret for long polling.'
      : null,
  ({ ROLE, DATABASE_URL }) =>
    (ROLE === 'web' || ROLE === 'worker') && !DATABASE_URL
      ? `ROLE: ${ROLE} shares its database with other machines. Set DATABASE_URL to a PostgreSQL that all of them reach, or ROLE to all.`
      : null,
];

function configOf(values: z.infer<typeof KEYS>): Config {
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
    telegram: values.TELEGRAM_BOT_TOKEN
      ? {
          botToken: values.TELEGRAM_BOT_TOKEN,
          apiRoot: values.TELEGRAM_API_ROOT,
          webhookSecret: values.TELEGRAM_WEBHOOK_SECRET ?? null,
          messagesPerSecond: values.TELEGRAM_MESSAGES_PER_SECOND,
          proxy: proxyFor(values.TELEGRAM_API_ROOT, proxy),
        }
      : null,
    slack: values.SLACK_BOT_TOKEN
      ? {
          botToken: values.SLACK_BOT_TOKEN,
          apiUrl: values.SLACK_API_URL,
          appToken: values.SLACK_APP_TOKEN ?? null,
          signingSecret: values.SLACK_SIGNING_SECRET ?? null,
          messagesPerSecond: values.SLACK_MESSAGES_PER_SECOND,
          proxy: proxyFor(values.SLACK_API_URL, proxy),
        }
      : null,
    role: values.ROLE,
    logLevel: values.LOG_LEVEL,
    noticeHoldSeconds: values.NOTICE_HOLD_SECONDS,
    approvalAbove: values.APPROVAL_ABOVE,
  };
}

/** Compose files and shells pass `KEY=` for what nobody set. */
function valuesSet(env: NodeJS.ProcessEnv): Given {
  const keys = Object.keys(KEYS.shape) as Key[];
  const wordFor = (key: Key) => env[key] || (key.endsWith('_PROXY') ? env[key.toLowerCase()] : undefined);
  return Object.fromEntries(keys.map((key) => [key, wordFor(key)?.trim()]).filter(([, value]) => value));
}

function needs(key: Key, other: Key): (given: Given) => string | null {
  return (given) => (given[key] && !given[other] ? `${key}: does nothing alone. Set ${other} too, or unset it.` : null);
}

function ownAddress(host = '127.0.0.1', port: string | number = 3000): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Loopback is let through for the sandbox; an address that cannot be read has its own mistake already. */
function canTakeWebhooks(url: string): boolean {
  return !URL.canParse(url) || new URL(url).protocol === 'https:' || isOfThisMachine(url);
}

/** Whether nobody but this machine reaches the address. */
export const isOfThisMachine = (url: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);

function address(protocols: string[], example: string) {
  const fits = (value: string) => URL.canParse(value) && protocols.includes(new URL(value).protocol);
  return z.string().refine(fits, `must be an address like ${example}.`);
}

function databaseUrl(value: string, context: z.RefinementCtx): string {
  const read = readDatabaseUrl(value);
  if ('url' in read) return read.url;
  context.addIssue({ code: 'custom', message: read.mistake });
  return z.NEVER;
}

function webAddress(example: string) {
  const plain = (value: string) => !/[?#]/.test(value);
  return address(['http:', 'https:'], example)
    .refine(plain, `must be an address like ${example}, without ? and #.`)
    .transform((value) => value.replace(/\/+$/, ''));
}

function whole(least: number, most: number) {
  const fits = (value: string) => /^\d{1,15}$/.test(value) && Number(value) >= least && Number(value) <= most;
  return z.string().refine(fits, `must be a whole number from ${least} to ${most}.`).transform(Number);
}

function oneOf<const T extends readonly string[]>(values: T) {
  return z.enum(values, `must be one of ${values.join(', ')}.`);
}
