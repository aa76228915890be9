import type { z } from 'zod';
import type { Channel, HttpRoute } from '../core/channel.ts';
import type { Clock } from '../core/clock.ts';
import type { KeyRule } from '../core/envKeys.ts';
import type { Log } from '../core/log.ts';
import type { OutboundMessage } from '../core/message.ts';
import type { ProxySettings } from '../core/proxy.ts';
import type { Surfaces } from '../core/surfaces.ts';
import type { PlatformLink } from '../people/posters.ts';

/** What every channel is configured with, in addition to its own settings. */
export interface ChannelSettings {
  messagesPerSecond: number;
  /** Null: reached directly. */
  proxy: string | null;
}

/** Everything that the rest of Hearback needs to know about a channel. */
export interface ChannelKind<Settings extends ChannelSettings = ChannelSettings> {
  /** As people write it. */
  title: string;
  /** How to set it up, in one line. */
  setUp: string;
  /** Its part of the environment: what is accepted, defaults, and the README's line of help. */
  keys: z.ZodRawShape;
  rules: readonly KeyRule[];
  /** Null: not set up. @param values of its keys, as they were read */
  settings(values: unknown, proxy: ProxySettings | null): Settings | null;
  /** What to look at when it does not answer. */
  remedy: string;
  /** Somebody's address, for those who test a notice. */
  example: string;
  /** What is typed to say `start` to the bot. */
  toStart(start: string): string;
  /** Checks the tokens with the platform; sends nothing. @throws UserError */
  probe(settings: Settings): Promise<string>;
  /** Settings that cannot work, as far as this machine can tell. */
  doubts(settings: Settings, publicUrl: string): { state: 'hint' | 'wrong'; what: string; remedy: string }[];
  /** The address of our private chat. Nothing is listened to, nothing is sent. @throws UserError */
  address(settings: Settings, start: string): Promise<PlatformLink>;
  /** What the channel makes of a message; nothing is sent. @param commands what people can type, by name */
  preview(message: OutboundMessage, commands: readonly string[]): MessagePreview;
  /** The platform's library, loaded when it is needed. */
  load(): Promise<ChannelDriver<Settings>>;
}

export interface ChannelDriver<Settings extends ChannelSettings = ChannelSettings> {
  create(settings: Settings, parts: ChannelParts): RunningChannel;
  /** Fetches files without listening. */
  fetcher(settings: Settings, log: Log): Pick<Channel, 'download'>;
}

export interface ChannelParts {
  /** Where the outside reaches this service. */
  publicUrl: string;
  /** Whether this process is the one of the deployment that may do what this key stands for. */
  leads(key: string): () => Promise<boolean>;
  /** What people can type, by name. */
  commands: () => readonly string[];
  surfaces: Surfaces;
  clock: Clock;
  log: Log;
}

export interface RunningChannel extends Channel {
  /** What the platform asks of our web server. */
  routes: readonly HttpRoute[];
  /** What this person's Home tab shows has changed. */
  refreshHome?(senderKey: string): void;
  /** Refreshes some of the Home tabs that people have looked at lately; called every few seconds. */
  lookAfterHomes?(): Promise<void>;
  /** Resolves when no Home tab is being published. */
  idle?(): Promise<void>;
}

/** A message as a platform will show it. */
export interface MessagePreview {
  /** One after the other; `blocks` where the platform stacks them. */
  messages: { text: string; characters: number; blocks: number | null }[];
  /** Below the last message, row by row. */
  buttons: string[][];
}
