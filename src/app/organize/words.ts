import { signAction } from '../../domain/action.ts';
import type { Audience } from '../../domain/audience.ts';
import { audienceWords } from '../../domain/audienceWords.ts';
import { isMadeForEach } from '../../domain/kinds.ts';
import type { Block } from '../../domain/message.ts';
import type { Notice, NoticeStatus } from '../../domain/notice.ts';
import type { NoticeLine } from '../../domain/overview.ts';
import { shorten } from '../../domain/response.ts';
import { languageName, type Texts, textFor } from '../../domain/texts.ts';
import { type Desk, heading, text } from './desk.ts';

/** The languages in which a notice has words of its own. */
export const languagesOf = (texts: Texts): string[] => (typeof texts === 'string' ? [] : Object.keys(texts));

/** A notice as people of that language read it; its buttons are theirs, and stand here as words. */
export function asRead(notice: Notice, language: string, { phrases, language: reader, noticeIn }: Desk): Block[] {
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
export function lineOf(notice: Pick<NoticeLine, 'kind' | 'state' | 'texts' | 'approval'>, desk: Desk): string {
  const { phrases, language, languages } = desk;
  const kind = phrases(`notice_kind_${notice.kind}`);
  const words = isMadeForEach(notice.kind) ? kind : textFor(notice.texts, language, languages);
  return shorten(`${stateWord(notice, desk)} · ${words.replace(/\s+/g, ' ')}`, MOST_LINE);
}

const stateWord = ({ state, approval }: Pick<NoticeLine, 'state' | 'approval'>, { phrases }: Desk): string =>
  approval === 'needed' && state === 'scheduled' ? phrases('notice_state_waiting') : phrases(`notice_state_${state}`);

/** Whom it is meant for. */
export const audienceIn = (audience: Audience, { phrases, language }: Pick<Desk, 'phrases' | 'language'>): string =>
  audienceWords(audience, { phrases, language });

/** How far it has come; nothing before it begins. */
export function figures(
  { recipients, sent, failed, skipped, uncertain, open, perSecond, secondsLeft }: NoticeStatus,
  { phrases }: Desk,
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

export const signed = (secret: string, key: string) => (label: string, action: string) => ({
  label,
  data: signAction(secret, key, `o:${action}`),
});
