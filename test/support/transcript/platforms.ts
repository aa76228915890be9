import type { ChatMessage } from '../../../src/sandbox/chat.ts';
import { startSlackSandbox } from '../../../src/sandbox/slack.ts';
import { shownView } from '../../../src/sandbox/slackPayload.ts';
import { startTelegramSandbox } from '../../../src/sandbox/telegram.ts';
import { until } from '../wait.ts';
import type { Platform, TranscriptPerson } from './read.ts';

/** What somebody does in their chat, whatever the platform. */
export interface Speaker {
  name: string;
  language: string;
  /** As the identity's key says it, and its address. */
  key: string;
  address: string;
  readonly chat: ChatMessage[];
  says(text: string): Promise<void>;
  replies(to: ChatMessage, text: string): Promise<void>;
  edits(message: ChatMessage, text: string): Promise<void>;
  presses(label: string, under: ChatMessage): Promise<void>;
  /** `under`: the message that it answers. */
  voice(seconds: number, under?: ChatMessage): Promise<void>;
  photos(count: number, caption: string): Promise<void>;
  document(name: string, caption: string): Promise<void>;
  blocks(): Promise<void>;
  comesBack(): Promise<void>;
  /** What they see beside the chat, where the platform has that. */
  beside?: Beside;
}

export interface Beside {
  openHome(): Promise<void>;
  pressHome(label: string): Promise<void>;
  fillIn(fields: Record<string, string>): Promise<void>;
  pressForm(label: string): Promise<void>;
  writes(fields: Record<string, string>): Promise<void>;
  closes(): Promise<void>;
  /** The form that is open, else the Home tab, line by line. */
  shown(): string[];
}

export interface FarPlatform {
  env: Record<string, string>;
  webhooks: { urls: string[] };
  person(about: TranscriptPerson): Speaker;
  close(): Promise<void>;
}

const BYTES = Buffer.from('bytes');

/** The stand-in of a platform, over HTTP in both directions. */
export const openPlatform = (platform: Platform, clock: () => number): Promise<FarPlatform> =>
  platform === 'telegram' ? openTelegram(clock) : openSlack(clock);

async function openTelegram(clock: () => number): Promise<FarPlatform> {
  const telegram = await startTelegramSandbox({ clock });
  const secret = 'transcript';
  telegram.webhooks.secret = secret;
  let count = 0;
  return {
    env: {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.url,
      TELEGRAM_WEBHOOK_SECRET: secret,
      TELEGRAM_MESSAGES_PER_SECOND: '1000',
    },
    webhooks: telegram.webhooks,
    close: telegram.close,
    person({ name, language }) {
      const id = ++count;
      const user = telegram.user(id, { language, name });
      return {
        ...{ name, language, key: `telegram:4711:${id}`, address: String(id), chat: user.chat },
        says: user.say,
        replies: ({ messageId }, text) => user.reply(messageId, text),
        edits: ({ messageId }, text) => user.edit(messageId, text),
        presses: user.press,
        voice: (seconds, under) => user.voice(BYTES, seconds, under?.messageId),
        async photos(many, caption) {
          if (many === 1) return user.photo(BYTES, caption);
          for (let at = 0; at < many; at++) await user.photo(BYTES, at === 0 ? caption : '', 'album');
        },
        document: (file, caption) => user.document(file, BYTES, caption),
        blocks: user.leave,
        comesBack: user.comeBack,
      };
    },
  };
}

async function openSlack(clock: () => number): Promise<FarPlatform> {
  const slack = await startSlackSandbox({ clock });
  let count = 0;
  return {
    env: {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_API_URL: slack.apiUrl,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_MESSAGES_PER_SECOND: '1000',
    },
    webhooks: slack.webhooks,
    close: slack.close,
    person({ name, language }) {
      const id = `U${++count}`;
      const user = slack.user(id, { language: LOCALES[language] ?? language, name });
      /** What stands beside the fields that could not be sent. */
      let objections: [string, string][] = [];
      const image = { mime: 'image/jpeg', bytes: BYTES };
      return {
        ...{ name, language, key: `slack:T1:${id}`, address: `D${id}`, chat: user.chat },
        // Slack's people type commands after the one that it knows.
        says: (text) => (text.startsWith('/') ? user.slash(text.slice(1)) : user.say(text)),
        replies: ({ messageId }, text) => user.reply(messageId, text),
        edits: ({ messageId }, text) => user.edit(messageId.toFixed(6), text),
        presses: user.press,
        voice: (seconds, under) =>
          user.files(
            [{ name: 'audio.m4a', mime: 'audio/mp4', subtype: 'slack_audio', bytes: BYTES, seconds }],
            '',
            under?.messageId,
          ),
        photos: (many, caption) =>
          user.files(
            Array.from({ length: many }, (_, at) => ({ name: `photo${at + 1}.jpg`, ...image })),
            caption,
          ),
        document: (name, caption) => user.files([{ name, mime: 'application/pdf', bytes: BYTES }], caption),
        blocks: async () => user.block(),
        comesBack: async () => user.unblock(),
        beside: {
          // The bot publishes it after it has taken the event.
          async openHome() {
            await user.openHome();
            await until('the Home tab', () => user.home() !== null);
          },
          pressHome: user.pressHome,
          pressForm: user.pressModal,
          writes: user.writeInModal,
          closes: async () => user.closeModal(),
          async fillIn(fields) {
            objections = Object.entries((await user.submitModal(fields)) ?? {});
          },
          shown() {
            const view = user.modal() ?? user.home();
            const wrong = objections.map(([name, words]) => `! ${name}: ${words}`);
            return [...(view ? shownView(view).split('\n').map(short) : []), ...wrong];
          },
        },
      };
    },
  };
}

/** Commands as our texts spell them. */
const short = (line: string): string => line.replace(/\/hearback (\w+)/g, '/$1');

const LOCALES: Record<string, string> = { en: 'en-US', es: 'es-ES', fr: 'fr-FR' };
