import type { MessagePreview } from '../../channels/kind.ts';
import { channelKind, channelTitle } from '../../channels/registry.ts';
import type { Views } from '../../compose/views.ts';
import type { ChannelName } from '../../core/channelName.ts';
import { commandLine } from '../../core/commandLine.ts';
import { UserError } from '../../core/errors.ts';
import type { Phrases } from '../../core/phrases.ts';
import { languageName } from '../../core/texts.ts';
import type { OneResponse } from '../../responses/ports.ts';
import { responseMessages } from '../../responses/response.ts';
import { previewLines } from './previewLines.ts';
import { counted } from './words.ts';

/** What it takes to see an answer as its reader does. */
export interface ResponsePreviewWiring {
  views: Pick<Views, 'contributions' | 'responsePreview'>;
  /** Messages a second, of the platforms that are set up. */
  rates: Partial<Record<ChannelName, number>>;
  /** What people can type on every platform, by name. */
  commands(): Promise<string[]>;
  /** The frame around a response in a language. */
  framesIn(): Promise<(language: string | null) => Phrases>;
  close(): Promise<void>;
}

/** What `responses preview` says. @throws UserError when nothing is decided on it */
export async function preview(wiring: ResponsePreviewWiring, reference: string, json = false): Promise<string> {
  const found = await (await wiring.views.responsePreview()).of(reference);
  if (!found) throw new UserError(await nothingWords(reference, wiring));
  const { item, state, channel, language, beside } = found;
  const renderings = await renderingsOf(found, wiring);
  if (json) return JSON.stringify({ reference, decision: item.decision, state, channel, language, beside, renderings });
  const reads = language === null ? 'the first language of the process' : languageName(language, 'en');
  return [
    `The answer to ${reference} ${STATES[state]}. Its reader is on ${channelTitle(channel)} and reads ${reads}.`,
    ...(beside > 0
      ? [
          `It goes together with ${counted(beside, 'other answer', 'other answers')} to the same person, after a message that says how many are in the plan.`,
        ]
      : []),
    ...renderings.flatMap((each) => {
      const { lines, rows } = previewLines(each, each.channel, language ?? 'no language chosen');
      return ['', ...lines, ...rows];
    }),
  ].join('\n');
}

const STATES: Record<OneResponse['state'], string> = {
  approved: 'waits for release',
  released: 'is released and has not arrived yet',
  delivered: 'has arrived',
};

async function nothingWords(reference: string, { views }: ResponsePreviewWiring): Promise<string> {
  return (await (await views.contributions()).byReference(reference))
    ? `Nothing is decided on ${reference} yet.`
    : `No contribution is called ${reference}. \`${commandLine('contributions list')}\` shows them all.`;
}

/** On the platforms that are set up and on its reader's; where there are none, on those that could be. */
async function renderingsOf(
  { item, channel, language }: OneResponse,
  { rates, commands, framesIn }: ResponsePreviewWiring,
): Promise<(MessagePreview & { channel: ChannelName })[]> {
  const [frame, typed] = [(await framesIn())(language), await commands()];
  const channels = [...new Set([channel, ...(Object.keys(rates) as ChannelName[])])].sort();
  return channels.flatMap((each) =>
    responseMessages([item], frame, () => '').map((message) => ({
      channel: each,
      ...channelKind(each).preview(message, typed),
    })),
  );
}
