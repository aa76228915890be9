import type { ChannelSettings } from '../kind.ts';

/** At least one of `appToken` (Socket Mode) and `signingSecret` (HTTP) is set. */
export interface SlackSettings extends ChannelSettings {
  botToken: string;
  apiUrl: string;
  appToken: string | null;
  signingSecret: string | null;
}
