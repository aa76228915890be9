/** What the Bot API says to a call. */
export type TelegramAnswer =
  | { ok: true; result: unknown }
  | { ok: false; error_code: number; description: string; parameters?: object };

export const ok = (result: unknown): TelegramAnswer => ({ ok: true, result });
export const refuse = (error_code: number, description: string, parameters = {}): TelegramAnswer => ({
  ok: false,
  error_code,
  description,
  parameters,
});
