import type { KnownBlock, WebClient } from '@slack/web-api';
import type { z } from 'zod';
import { type ButtonUse, fateOf, type PressedButton, ticked } from '../../core/usedButtons.ts';
import { sendError } from './errors.ts';
import { MOST_BLOCKS } from './limits.ts';
import { buttonsBlock, type PressedElement, pressedMessage } from './payloads.ts';
import { label } from './render.ts';

/** The message as it is from now on: where the buttons were stands what was pressed. @throws SendError */
export async function markUsed(
  client: WebClient,
  { address, messageId, data, shown }: PressedButton,
  use: ButtonUse,
): Promise<void> {
  const { success, data: message } = pressedMessage.safeParse(shown);
  if (!success) return;
  const blocks = message.blocks.flatMap((block) => after(block, data, use)).slice(0, MOST_BLOCKS);
  const changed = { channel: address, ts: messageId, text: message.text ?? '', blocks: blocks as KnownBlock[] };
  await client.chat.update(changed).catch((error: unknown) => {
    throw sendError(error, 0);
  });
}

type Given = z.infer<typeof pressedMessage>['blocks'][number];

function after(block: Given, pressed: string, use: ButtonUse): object[] {
  const buttons = buttonsBlock.safeParse(block);
  if (!buttons.success) return [asSent(block)];
  const { elements } = buttons.data;
  const shown = elements.flatMap(choicesIn).filter((choice) => fateOf(choice, pressed, use) === 'ticked');
  const left = elements.flatMap((element) => without(element, pressed, use));
  return [
    ...shown.map((choice) => ({ type: 'context', elements: [label(ticked(choice.label))] })),
    ...(left.length > 0 ? [{ ...block, elements: left }] : []),
  ];
}

/** Slack adds to a picture what it does not take back. */
const asSent = (block: Given): object =>
  block.type === 'image' ? { type: 'image', image_url: block.image_url, alt_text: block.alt_text } : block;

const choicesIn = ({ text, value, options }: PressedElement) =>
  options?.map((option) => ({ label: option.text.text, data: option.value })) ?? [
    { label: text?.text ?? '', data: value ?? null },
  ];

function without(element: PressedElement, pressed: string, use: ButtonUse): PressedElement[] {
  const stays = (each: PressedElement) => choicesIn(each).some((choice) => fateOf(choice, pressed, use) === 'stays');
  if (!element.options) return stays(element) ? [element] : [];
  const options = element.options.filter(({ text, value }) => stays({ ...element, options: [{ text, value }] }));
  return options.length > 0 ? [{ ...element, options }] : [];
}
