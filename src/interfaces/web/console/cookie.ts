import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { CONSOLE_PATH, isToken, SESSION_DAYS } from '../../../people/console.ts';

const NAME = 'hearback';

/** The token that the browser keeps; null where it keeps none of ours. */
export function sessionToken(c: Context, publicUrl: string): string | null {
  const given = isSecure(publicUrl) ? getCookie(c, NAME, 'host') : getCookie(c, NAME);
  return given !== undefined && isToken(given) ? given : null;
}

/**
 * Lax and not Strict: members follow links from their chats to pages here, and would be asked to sign in again. What changes
 * something is checked for its origin and for the token of its form besides.
 */
const KEPT = { httpOnly: true, sameSite: 'Lax', maxAge: SESSION_DAYS * 86_400 } as const;

export function keepSession(c: Context, token: string, publicUrl: string): void {
  if (isSecure(publicUrl)) setCookie(c, NAME, token, { ...KEPT, prefix: 'host' });
  else setCookie(c, NAME, token, { ...KEPT, path: CONSOLE_PATH });
}

export function dropSession(c: Context, publicUrl: string): void {
  if (isSecure(publicUrl)) deleteCookie(c, NAME, { prefix: 'host', path: '/', secure: true });
  else deleteCookie(c, NAME, { path: CONSOLE_PATH });
}

/** Browsers take a cookie that no neighbouring host can set only by TLS. */
const isSecure = (publicUrl: string): boolean => publicUrl.startsWith('https:');
