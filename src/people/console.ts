import { createHash } from 'node:crypto';
import type { Member } from './member.ts';

/** For how long a link into the console can be used, once. */
export const LINK_MINUTES = 10;
/** A session that nobody uses ends after this, and every session after `SESSION_DAYS`. */
export const IDLE_HOURS = 12;
export const SESSION_DAYS = 7;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const linkUntil = (now: number): Date => new Date(now + LINK_MINUTES * MINUTE_MS);

/** What was begun, or used last, before these moments is over. */
export interface SessionLimits {
  startedAfter: Date;
  seenAfter: Date;
}
export const sessionLimits = (now: number): SessionLimits => ({
  startedAfter: new Date(now - SESSION_DAYS * 24 * HOUR_MS),
  seenAfter: new Date(now - IDLE_HOURS * HOUR_MS),
});

/** When a session ends if nobody uses it again. */
export const sessionEnds = ({ startedAt, seenAt }: Pick<ConsoleSession, 'startedAt' | 'seenAt'>): Date =>
  new Date(Math.min(startedAt.getTime() + SESSION_DAYS * 24 * HOUR_MS, seenAt.getTime() + IDLE_HOURS * HOUR_MS));

const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/;

/** What opens a session, or is one: so many random bytes that nobody guesses it. */
export const makeToken = (bytes: (count: number) => Uint8Array): string =>
  Buffer.from(bytes(TOKEN_BYTES)).toString('base64url');

export const isToken = (word: string): boolean => TOKEN.test(word);

/** All that is kept of a token. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Where the console is. */
export const CONSOLE_PATH = '/console';

/** The address that lets a member in. */
export const linkInto = (publicUrl: string, token: string): string => `${publicUrl}${CONSOLE_PATH}/enter/${token}`;

/** Goes with every form of a session: whoever does not see its pages does not know it. */
export const formToken = (token: string): string => createHash('sha256').update(`form ${token}`).digest('base64url');

/** A member in a browser. */
export interface ConsoleSession {
  id: string;
  startedAt: Date;
  seenAt: Date;
  /** As they chose it in the console; null: that of their chat. */
  language: string | null;
  /** What they use, as it calls itself; null: it does not say. */
  browser: string | null;
}

export interface SignedIn extends ConsoleSession {
  member: Member;
  /** Of their chats, where one says it. */
  chatLanguage: string | null;
}

/** What pages ask. */
export interface ConsoleReading {
  /** Whose link that is, while it can be used; null: it cannot, or never could. */
  linkOf(hash: string, now: Date): Promise<Member | null>;
  /** Whose session that is, and notes that they were there; null when it is over. */
  seen(hash: string, now: Date): Promise<SignedIn | null>;
  /** The member's sessions that are not over, the newest first. */
  of(member: string, now: Date): Promise<ConsoleSession[]>;
}

export interface ConsoleWrites {
  putLink(hash: string, member: string, until: Date): Promise<void>;
  /** Uses a link up; null when it cannot be used any more. What is over is let go of. */
  takeLink(hash: string, now: Date): Promise<Member | null>;
  putSession(session: ConsoleSession, hash: string, member: string): Promise<void>;
  /** Ends one of the member's sessions; false when none of theirs is called so. */
  end(id: string, member: string): Promise<boolean>;
  /** Ends all of them. Gives how many they were. */
  endAll(member: string): Promise<number>;
  /** False when none of theirs is called so. */
  speak(id: string, member: string, language: string): Promise<boolean>;
}

const BROWSERS: [pattern: RegExp, name: string][] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/Chrom(e|ium)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];
const SYSTEMS: [pattern: RegExp, name: string][] = [
  [/\bAndroid\b/, 'Android'],
  [/\biP(hone|ad)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

/** What a browser calls itself, in two words by which its owner knows it: `Firefox, Windows`. Null for what is unknown. */
export function browserName(userAgent: string): string | null {
  const named = [BROWSERS, SYSTEMS].flatMap((list) => list.find(([pattern]) => pattern.test(userAgent))?.[1] ?? []);
  return named.length === 0 ? null : named.join(', ');
}
