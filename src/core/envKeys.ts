import { z } from 'zod';
import { readUrl } from './readUrl.ts';

/** Values of the environment as they were given, by their keys. */
export type GivenKeys = Readonly<Partial<Record<string, string>>>;

/** What no key alone can tell: a mistake with its key and remedy, or null. */
export type KeyRule = (given: GivenKeys) => string | null;

export function address(protocols: string[], example: string) {
  const fits = (value: string) => protocols.includes(readUrl(value)?.protocol ?? '');
  return z.string().refine(fits, `must be an address like ${example}.`);
}

/** Without a slash at its end. */
export function webAddress(example: string) {
  const plain = (value: string) => !/[?#]/.test(value);
  return address(['http:', 'https:'], example)
    .refine(plain, `must be an address like ${example}, without ? and #.`)
    .transform((value) => value.replace(/\/+$/, ''));
}

export function whole(least: number, most: number) {
  const fits = (value: string) => /^\d{1,15}$/.test(value) && Number(value) >= least && Number(value) <= most;
  return z.string().refine(fits, `must be a whole number from ${least} to ${most}.`).transform(Number);
}

/** A key that does nothing without another. */
export const needs =
  (key: string, other: string): KeyRule =>
  (given) =>
    given[key] && !given[other] ? `${key}: does nothing alone. Set ${other} too, or unset it.` : null;

export function ownAddress(host = '127.0.0.1', port: string | number = 3000): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Whether nobody but this machine reaches the address. */
export const isOfThisMachine = (url: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
