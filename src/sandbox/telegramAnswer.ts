/** What the Bot API says to a call. */
export type Answer =
  | { ok: true; result: unknown }
  | { ok: false; error_code: number; description: string; parameters?: object };

export const ok = (result: unknown): Answer => ({ ok: true, result });
export const refuse = (error_code: number, description: string, parameters = {}): Answer => ({
  ok: false,
  error_code,
  description,
  parameters,
});
