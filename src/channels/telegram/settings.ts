import type { ChannelSettings } from '../kind.ts';

export interface TelegramSettings extends ChannelSettings {
  botToken: string;
  apiRoot: string;
  /** Null: long polling. */
  webhookSecret: string | null;
}
