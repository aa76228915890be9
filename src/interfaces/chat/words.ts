import type { Block } from '../../core/message.ts';
import { signAction } from '../../core/signedButtons.ts';
import { shorten } from '../../core/split.ts';
import { languageName, type Texts, textFor } from '../../core/texts.ts';
import { reachWords } from '../../notices/audience/words.ts';
import { isMadeForEach } from '../../notices/kinds.ts';
import type { Notice, NoticeStatus } from '../../notices/notice.ts';
import type { NoticeLine } from '../../notices/overview.ts';
import { heading, type PanelContext, text } from './context.ts';

/** The languages in which a notice has words of its own. */
export const languagesOf = (texts: Texts): string[] => (typeof texts === 'string' ? [] : Object.keys(texts));

/** A notice as people of that language read it; its buttons are theirs, and stand here as words. */
export function asRead(
  notice: Notice,
  language: string,
  { phrases, language: reader, noticeIn }: PanelContext,
): Block[] {
  const { blocks, choices = [], links = [] } = noticeIn(notice, language);
  const below = [...choices, ...links].map(({ label }) => `[ ${label} ]`);
  return [
    heading(phrases('notice_reads', { language: languageName(language, reader) })),
    ...blocks,
    ...(below.length > 0 ? [text(below.join('\n'))] : []),
    ...(notice.attachment ? [text(phrases('notice_file', { name: notice.attachment.name }))] : []),
  ];
}

/** The language in which somebody of this language reads a notice: theirs, or what it falls back to. */
export function readIn(texts: Texts, language: string, order: readonly string[]): string {
  const own = languagesOf(texts);
  const base = language.split('-')[0] ?? language;
  return [language, base, ...order, 'en'].find((each) => own.includes(each)) ?? own[0] ?? language;
}

const MOST_LINE = 60;

/** A notice in one line. */
export function lineOf(
  notice: Pick<NoticeLine, 'kind' | 'state' | 'texts' | 'approval'>,
  context: PanelContext,
): string {
  const { phrases, language, languages } = context;
  const kind = phrases(`notice_kind_${notice.kind}`);
  const words = isMadeForEach(notice.kind) ? kind : textFor(notice.texts, language, languages);
  return shorten(`${stateWord(notice, context)} · ${words.replace(/\s+/g, ' ')}`, MOST_LINE);
}

const MOST_FIRST = 120;

/** How a notice begins; null where it is made for each of its readers. */
export const firstWords = (
  { kind, texts }: Pick<NoticeLine, 'kind' | 'texts'>,
  { language, languages }: PanelContext,
): string | null =>
  isMadeForEach(kind) ? null : shorten(textFor(texts, language, languages).replace(/\s+/g, ' '), MOST_FIRST);

export const stateWord = (
  { state, approval }: Pick<NoticeLine, 'state' | 'approval'>,
  { phrases }: PanelContext,
): string =>
  approval === 'needed' && state === 'scheduled' ? phrases('notice_state_waiting') : phrases(`notice_state_${state}`);

/** Whom it is meant for. */
export const reachIn = (
  notice: Pick<Notice, 'kind' | 'audience'>,
  { phrases, language }: Pick<PanelContext, 'phrases' | 'language'>,
): string => reachWords(notice, { phrases, language });

/** How far it has come; nothing before it begins. */
export function figures(
  { recipients, sent, failed, skipped, uncertain, open, perSecond, secondsLeft }: NoticeStatus,
  { phrases }: PanelContext,
): Block[] {
  if (recipients === 0) return [];
  const told = Object.entries({ failed, skipped, uncertain }).filter(([, count]) => count > 0);
  return [
    text(
      [
        phrases('figures_sent', { sent, recipients }),
        ...told.map(([what, count]) => phrases(`figures_${what}`, { count })),
        ...(open > 0 ? [phrases('figures_open', { count: open })] : []),
        ...(open > 0 && perSecond !== null && secondsLeft !== null
          ? [phrases('figures_left', { minutes: Math.max(1, Math.ceil(secondsLeft / 60)) })]
          : []),
      ].join('\n'),
    ),
  ];
}

/** What a member is told whose words are in none of their reader's languages. @param key says what is in it */
export const foreignWords = (
  key: 'thread_foreign' | 'decide_foreign',
  { reads, foreign }: { reads: string; foreign: string },
  { phrases, language }: Pick<PanelContext, 'phrases' | 'language'>,
): Block => text(phrases(key, { reads: languageName(reads, language), language: languageName(foreign, language) }));

export const signed = (secret: string, key: string) => (label: string, action: string) => ({
  label,
  data: signAction(secret, key, action.startsWith('>') ? `m:${action.slice(1)}` : `o:${action}`),
});
