import { accessSync, constants } from 'node:fs';
import { readUrl } from '../core/readUrl.ts';

/** A database address as every driver reads it, or what is wrong with it. */
export type DatabaseUrl = { url: string } | { mistake: string };

const EXAMPLE = 'postgresql://user:password@host:5432/hearback';
const FILES = ['sslcert', 'sslkey', 'sslrootcert'];
/** As libpq understands it: `require` encrypts, the other two also look at whom they speak to. */
const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full'];

/**
 * Reads the address as people have it from their hosts and write it by hand: with a password that is not encoded, and
 * with `sslmode` as PostgreSQL's own programs understand it.
 */
export function readDatabaseUrl(given: string): DatabaseUrl {
  const whole = wellFormed(given) ? given : withPasswordEncoded(given);
  const url = whole === null ? null : readUrl(whole);
  if (url === null)
    return { mistake: `must be an address like ${EXAMPLE}, with %40 for an @ in the password, %2F for a / and so on.` };
  for (const rule of RULES) {
    const mistake = rule(url.searchParams);
    if (mistake) return { mistake };
  }
  if (url.searchParams.has('schema')) url.searchParams.delete('schema');
  useLibpqsModes(url.searchParams);
  return { url: url.href };
}

const SCHEME = /^postgres(ql)?:\/\//;

/** Whether the address parses without a character of the password being taken for its end. */
function wellFormed(given: string): boolean {
  const read = SCHEME.test(given) ? readUrl(given) : null;
  if (read === null) return false;
  const { username, password, pathname, hash, searchParams } = read;
  const astray = pathname.includes('@') || hash !== '' || [...searchParams.keys()].some((key) => !/^\w+$/.test(key));
  return !astray && decodes(username) && decodes(password);
}

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** The password reaches from the first colon to the last @. */
function withPasswordEncoded(given: string): string | null {
  const [, before, password, after] = /^(postgres(?:ql)?:\/\/[^:@/?#]*:)(.*)@([^@]*)$/s.exec(given) ?? [];
  return password === undefined ? null : `${before}${encodeURIComponent(password)}@${after}`;
}

const RULES: ((params: URLSearchParams) => string | null)[] = [
  (params) =>
    (params.get('schema') ?? 'public') !== 'public' || params.get('options')?.includes('search_path')
      ? 'Hearback keeps its tables in the schema public of a database of its own. Make such a database, name it, and take schema and search_path out of the address.'
      : null,
  (params) => {
    const mode = params.get('sslmode');
    return mode === null || mode === 'no-verify' || SSL_MODES.includes(mode)
      ? null
      : `sslmode must be one of ${SSL_MODES.join(', ')}.`;
  },
  (params) =>
    params.get('sslmode') === 'verify-ca' && !params.has('sslrootcert')
      ? 'sslmode=verify-ca needs sslrootcert=FILE, the certificate of your authority; verify-full can do without.'
      : null,
  (params) => {
    const unread = FILES.find((key) => params.has(key) && !canBeRead(params.get(key) ?? ''));
    return unread ? `${unread} names a file that cannot be read. See that it is there, and who may read it.` : null;
  },
];

function canBeRead(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

/** The driver would take every mode for `verify-full`, which certificates of most hosts do not pass. */
function useLibpqsModes(params: URLSearchParams): void {
  if (!params.has('sslmode') || params.has('uselibpqcompat')) return;
  if (params.get('sslmode') === 'no-verify') params.set('sslmode', 'require');
  params.set('uselibpqcompat', 'true');
}
