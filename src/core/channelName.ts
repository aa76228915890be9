/** The name of a channel's folder; the registry lists them. */
export type ChannelName = string;
