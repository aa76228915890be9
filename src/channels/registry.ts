import type { ChannelName } from '../core/channelName.ts';
import type { ProxySettings } from '../core/proxy.ts';
import type { PlatformLink } from '../people/posters.ts';
import type { ChannelKind, ChannelSettings } from './kind.ts';
import { slack } from './slack/kind.ts';
import { telegram } from './telegram/kind.ts';

/** Every channel that there is: a folder, and a line here. */
const CHANNELS = { telegram, slack };

/** The settings of each by its name; null where it is not set up. */
export type ChannelConfig = { [Name in keyof typeof CHANNELS]: ReturnType<(typeof CHANNELS)[Name]['settings']> };

export const CHANNEL_NAMES: readonly ChannelName[] = Object.keys(CHANNELS);
export const CHANNEL_KINDS: readonly ChannelKind[] = Object.values(CHANNELS);

const byName: ReadonlyMap<ChannelName, ChannelKind> = new Map(Object.entries(CHANNELS));

/** @throws Error for an unknown name */
export function channelKind(name: ChannelName): ChannelKind {
  const kind = byName.get(name);
  if (!kind) throw new Error(`There is no channel ${name}.`);
  return kind;
}

/** As people write it; for a channel that does not exist any more, what is on record. */
export const channelTitle = (name: ChannelName): string => byName.get(name)?.title ?? name;

/** Messages a second on each that is set up. */
export const ratesIn = (config: ChannelConfig): Partial<Record<ChannelName, number>> =>
  Object.fromEntries(channelsIn(config).map(({ name, settings }) => [name, settings.messagesPerSecond]));

/** Somebody's address on each, as those who test a notice write it. */
export const EXAMPLES: ReadonlyMap<ChannelName, string> = new Map(
  Object.entries(CHANNELS).map(([name, { example }]) => [name, `${name}:${example}`]),
);

/** The addresses of our private chat on each that is set up. @throws UserError */
export async function addressesIn(config: ChannelConfig, start: string): Promise<PlatformLink[]> {
  const links: PlatformLink[] = [];
  for (const { kind, settings } of channelsIn(config)) links.push(await kind.address(settings, start));
  return links;
}

/** @param values of all keys, as they were read */
export const channelConfig = (values: unknown, proxy: ProxySettings | null): ChannelConfig =>
  Object.fromEntries(
    Object.entries(CHANNELS).map(([name, kind]) => [name, kind.settings(values, proxy)]),
  ) as unknown as ChannelConfig;

/** Those that are set up, with their settings. */
export function channelsIn(
  config: ChannelConfig,
): { name: ChannelName; kind: ChannelKind; settings: ChannelSettings }[] {
  const given: ReadonlyMap<ChannelName, ChannelSettings | null> = new Map(
    CHANNEL_NAMES.map((name) => [name, config[name as keyof ChannelConfig]]),
  );
  return CHANNEL_NAMES.flatMap((name) => {
    const settings = given.get(name);
    return settings ? [{ name, kind: channelKind(name), settings }] : [];
  });
}
