import type { MessagePreview } from '../../../channels/kind.ts';
import { CHANNEL_NAMES, channelKind } from '../../../channels/registry.ts';
import type { ChannelName } from '../../../core/channelName.ts';
import type { Phrases } from '../../../core/phrases.ts';
import { languageFor } from '../../../core/texts.ts';
import { safeRate } from '../../../delivery/localRateLimit.ts';
import { type NoticeMoment, noticeMessage } from '../../../notices/announce.ts';
import { estimateSeconds } from '../../../notices/estimate.ts';
import type { AudienceCount, Notice } from '../../../notices/notice.ts';

/** A notice in one language, as one platform shows it. */
export interface ViewRendering extends MessagePreview {
  channel: ChannelName;
  /** Null: the same words for everybody. */
  language: string | null;
}

export interface ViewContext {
  /** When it is looked at. */
  moment: NoticeMoment;
  /** Messages a second to all chats together, of the platforms that are set up. */
  rates: Partial<Record<ChannelName, number>>;
  /** What people can type, by name. */
  commands: readonly string[];
  /** The chat's own words in a language. */
  phrasesIn: (language: string | null) => Phrases;
}

/** What is seen of a notice before it goes. */
export interface NoticeView {
  renderings: ViewRendering[];
  /** Languages that the notice does not speak: which one their people get, and how many they are. */
  fallbacks: { language: string | null; gets: string; people: number }[];
  /** How long sending takes at the platforms' rates, where they are known. */
  sending: { channel: ChannelName; seconds: number }[];
}

/** Everything that follows from the notice and the counts of its audience. */
export function viewOf(notice: Notice, audience: readonly AudienceCount[], around: ViewContext): NoticeView {
  const used = new Set(audience.filter(({ people, groups }) => people + groups > 0).map(({ channel }) => channel));
  const setUp = Object.keys(around.rates);
  const channels = [...new Set([...setUp, ...used])].sort();
  const renderings = (channels.length > 0 ? channels : CHANNEL_NAMES).flatMap((channel) =>
    languagesOf(notice).map((language) => rendering(notice, channel, language, around)),
  );
  return {
    renderings,
    fallbacks: fallbacks(notice, audience, around.moment.process.languages),
    sending: [...used].sort().flatMap((channel) => sending(notice, channel, audience, renderings, around)),
  };
}

const languagesOf = ({ texts }: Notice): (string | null)[] => (typeof texts === 'string' ? [null] : Object.keys(texts));

function rendering(
  notice: Notice,
  channel: ChannelName,
  language: string | null,
  { moment, commands, phrasesIn }: ViewContext,
): ViewRendering {
  const reader = { identityKey: '', recipient: 'person' as const, channel, language };
  const nobody = { secret: '', ...moment, chatLink: () => null, openChat: () => '' };
  const message = noticeMessage(notice, reader, { ...nobody, phrasesIn });
  const { attachment } = notice;
  const file = attachment && { name: attachment.name, mime: attachment.mime, text: '' };
  return { channel, language, ...channelKind(channel).preview({ ...message, ...(file && { file }) }, commands) };
}

function fallbacks({ texts }: Notice, audience: readonly AudienceCount[], order: readonly string[]) {
  if (typeof texts === 'string') return [];
  const sums = new Map<string | null, { gets: string; people: number }>();
  for (const { language, people } of audience) {
    const gets = languageFor(texts, language ?? '', order);
    if (people === 0 || gets === language || gets === language?.split('-')[0]) continue;
    sums.set(language, { gets, people: people + (sums.get(language)?.people ?? 0) });
  }
  return [...sums].map(([language, sum]) => ({ language, ...sum }));
}

/** A message in several parts takes as many calls. */
function sending(
  { texts }: Notice,
  channel: ChannelName,
  audience: readonly AudienceCount[],
  renderings: readonly ViewRendering[],
  { moment, rates }: ViewContext,
): NoticeView['sending'] {
  const rate = rates[channel];
  if (rate === undefined) return [];
  const calls = audience
    .filter((row) => row.channel === channel)
    .map(({ language, people, groups }) => {
      const gets = typeof texts === 'string' ? null : languageFor(texts, language ?? '', moment.process.languages);
      const found = renderings.find((one) => one.channel === channel && one.language === gets);
      return (people + groups) * (found?.messages.length ?? 1);
    });
  const messages = { [channel]: calls.reduce((sum, each) => sum + each, 0) };
  return [{ channel, seconds: estimateSeconds(messages, { [channel]: safeRate(rate) }) }];
}
