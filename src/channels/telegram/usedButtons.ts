import type { Api } from 'grammy';
import type { InlineKeyboardButton } from 'grammy/types';
import { z } from 'zod';
import { type ButtonUse, fateOf, type PressedButton, ticked } from '../../core/usedButtons.ts';
import { changeError, isUnchanged } from './errors.ts';
import { keyboard } from './payloads.ts';
import { buttonText } from './render.ts';

/** The data of a button that only shows that it was pressed. */
const USED = 'used';
const press = z.object({ callback_query: z.object({ id: z.string(), data: z.literal(USED) }) });

/** The callback of somebody who presses such a button, by which it stops spinning; null for every other update. */
export const pressOfUsed = (update: unknown): string | null =>
  isPress(update) ? (press.safeParse(update).data?.callback_query.id ?? null) : null;

/** Asked for every update: checking its whole shape would take as long as reading the message. */
const isPress = (update: unknown): boolean =>
  typeof update === 'object' && update !== null && 'callback_query' in update;

/** The buttons under the message as they are from now on. @throws SendError */
export async function markUsed(
  api: Api,
  { address, messageId, data, shown }: PressedButton,
  use: ButtonUse,
): Promise<void> {
  const { success, data: rows } = keyboard.safeParse(shown);
  if (!success) return;
  const inline_keyboard = rows.map((row) => row.flatMap((each) => after(each, data, use)));
  try {
    const reply_markup = { inline_keyboard: inline_keyboard.filter((row) => row.length > 0) };
    await api.editMessageReplyMarkup(address, Number(messageId), { reply_markup });
  } catch (error) {
    if (!isUnchanged(error)) throw changeError(error);
  }
}

type Given = z.infer<typeof keyboard>[number][number];

function after({ text, callback_data, url }: Given, pressed: string, use: ButtonUse): InlineKeyboardButton[] {
  const fate = fateOf({ label: text, data: callback_data ?? null }, pressed, use);
  if (fate === 'goes') return [];
  if (fate === 'ticked') return [{ text: buttonText(ticked(text)), callback_data: USED }];
  if (url !== undefined) return [{ text, url }];
  return callback_data === undefined ? [] : [{ text, callback_data }];
}
