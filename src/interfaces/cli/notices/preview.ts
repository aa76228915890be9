import { channelTitle } from '../../../channels/registry.ts';
import type { ChannelName } from '../../../core/channelName.ts';
import { KINDS } from '../../../notices/kinds.ts';
import type { AudienceCount, Notice, NoticeButton, SampleRecipient } from '../../../notices/notice.ts';
import { previewLines } from '../previewLines.ts';
import { columns, counted, duration, grouped, harmless } from '../words.ts';
import { messages, reasonList } from './reasons.ts';
import type { NoticeView, ViewRendering } from './view.ts';

/** Whom it would reach, and a few of them. */
export interface Preview {
  notice: Notice;
  /** Whom it is for, in words. */
  whom: string;
  audience: readonly AudienceCount[];
  recipients: number;
  skipped: number;
  samples: readonly SampleRecipient[];
}

/** The whole preview for a terminal. */
export function previewText(seen: Preview, view: NoticeView): string {
  return [
    `Notice ${seen.notice.id}: ${KINDS[seen.notice.kind].name} to ${seen.whom}`,
    '',
    ...view.renderings.flatMap((each) => renderingLines(each, seen.notice)),
    ...messageSummary(view),
    '',
    ...audienceLines(seen),
    ...view.fallbacks.map(fallbackLine),
    ...(view.sending.length > 0 ? [sendingLine(view)] : []),
    ...sampleLines(seen.samples),
  ].join('\n');
}

function renderingLines(each: ViewRendering, notice: Notice): string[] {
  const { lines, rows } = previewLines(each, each.channel, each.language ?? 'every language');
  const file = notice.attachment ? [`  (${notice.attachment.name})`] : [];
  return [...lines, ...file, ...withTargets(rows, each.buttons, notice.buttons), ''];
}

/** One button a row says where it leads: those to press before those to open; three of them answer an invitation. */
function withTargets(rows: string[], shown: string[][], buttons: readonly NoticeButton[]): string[] {
  if (shown.some((row) => row.length > 1)) return rows;
  const ordered = [...buttons.filter((button) => !('url' in button)), ...buttons.filter((button) => 'url' in button)];
  const targets = ordered.flatMap((button) => Array<string>(button.label === undefined ? 3 : 1).fill(targetOf(button)));
  return columns(rows.map((row, index) => [row, targets[index] ?? '']));
}

function targetOf(button: NoticeButton): string {
  const [kind, target] = Object.entries(button).find(([key]) => key !== 'label') ?? [];
  return `${kind} ${target}`;
}

function messageSummary({ renderings }: NoticeView): string[] {
  const most = new Map<ChannelName, number>();
  for (const { channel, messages: parts } of renderings)
    most.set(channel, Math.max(most.get(channel) ?? 0, parts.length));
  const each = [...most].map(([channel, count]) => `${messages(count)} on ${channelTitle(channel)}`);
  return [`${each.join(', ')}.`];
}

const AUDIENCE_COLUMNS = ['platform', 'language', 'people', 'groups', 'left out'];

function audienceLines({ audience, recipients, skipped }: Preview): string[] {
  const rows = audience.map((row) => [
    channelTitle(row.channel),
    row.language ?? '?',
    ...[row.people, row.groups, row.skipped].map(grouped),
  ]);
  const groups = sum(audience.map((row) => row.groups));
  const busy = sum(audience.map((row) => row.busy));
  const quiet = sum(audience.map((row) => row.quiet));
  return [
    ...(rows.length > 0 ? columns(rows, AUDIENCE_COLUMNS).map((line) => `  ${line}`) : []),
    `${counted(recipients, 'person gets', 'people get')} it${groups > 0 ? `, and ${counted(groups, 'group')}` : ''}.`,
    ...(skipped > 0 ? [leftOutLine(skipped, audience)] : []),
    ...(busy > 0
      ? [`${counted(busy, 'person is', 'people are')} in the middle of something and get it a little later.`]
      : []),
    ...(quiet > 0 ? [`${counted(quiet, 'person gets', 'people get')} it when their quiet hours are over.`] : []),
  ];
}

/** How many of those who are meant get nothing, and why. */
export function leftOutLine(skipped: number, audience: readonly AudienceCount[]): string {
  const reasons: Record<string, number> = {};
  for (const { leftOut } of audience)
    for (const [reason, count] of Object.entries(leftOut)) reasons[reason] = (reasons[reason] ?? 0) + count;
  const why = reasonList(reasons);
  return `${counted(skipped, 'person does', 'people do')} not: ${why}.`;
}

const fallbackLine = ({ language, gets, people }: NoticeView['fallbacks'][number]): string =>
  `${counted(people, 'person whose language is', 'people whose language is')} ${language ?? 'not known'} read${people === 1 ? 's' : ''} it in ${gets}.`;

const sendingLine = ({ sending: all }: NoticeView): string =>
  `Sending takes about ${all.map(({ channel, seconds }) => `${duration(seconds)} on ${channelTitle(channel)}`).join(', ')}.`;

function sampleLines(samples: readonly SampleRecipient[]): string[] {
  if (samples.length === 0) return [];
  const head = ['platform', 'language', 'group', 'place', 'source', 'since', 'contributions'];
  const rows = samples.map((one) => [
    channelTitle(one.channel),
    one.language ?? '?',
    ...[one.group, one.place, one.source].map((word) => harmless(word ?? '-').replaceAll('\n', ' ')),
    one.since,
    String(one.contributions),
  ]);
  return ['Some of them:', ...columns(rows, head).map((line) => `  ${line}`)];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
