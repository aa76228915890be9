import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { readDatabaseUrl } from '../../src/store/databaseUrl.ts';

/** What the drivers understand of it. */
function read(given: string) {
  const result = readDatabaseUrl(given);
  if ('mistake' in result) throw new Error(result.mistake);
  const { username, password, hostname, port, pathname, search } = new URL(result.url);
  const [user, secret] = [username, password].map(decodeURIComponent);
  return { user, secret, host: hostname, port, database: pathname.slice(1), search };
}

const mistake = (given: string) => (readDatabaseUrl(given) as { mistake?: string }).mistake;

describe('the address of a database', () => {
  test.each([
    'a@b',
    'a/b',
    '12/ab',
    '12?ab',
    '12#ab',
    'a#b?c',
    'a:b@c/d',
    'a@b/c@d',
    'a@b#c@d',
    'a@b?c@d',
    '100%',
    '%zz',
    'a b',
    'ñandú',
    '[a]',
  ])('may have the password %s as it is typed', (secret) => {
    const rest = { user: 'ana', secret, host: 'db.example.org', port: '5433', database: 'plan', search: '' };
    expect(read(`postgresql://ana:${secret}@db.example.org:5433/plan`)).toEqual(rest);
    expect(read(`postgresql://ana:${encodeURIComponent(secret)}@db.example.org:5433/plan`)).toEqual(rest);
  });

  test('is left as it is where it is well formed', () => {
    for (const url of [
      'postgresql://db/hearback',
      'postgres://ana@db:5432/hearback?application_name=a%40b',
      'postgresql://ana:secret@db/hearback?application_name=a@b',
      'postgresql:///hearback?host=/run/postgresql',
    ])
      expect(readDatabaseUrl(url)).toEqual({ url });
  });

  test('may name the schema public, and none other', () => {
    expect(read('postgresql://ana:a@db/plan?schema=public&connect_timeout=5').search).toBe('?connect_timeout=5');
    expect(mistake('postgresql://ana:a@db/plan?schema=own')).toMatch(/schema public of a database of its own\. Make/);
    expect(mistake('postgresql://ana:a@db/plan?options=-c%20search_path%3Down')).toMatch(/take schema and search_path/);
  });

  test('says with sslmode what PostgreSQL’s own programs would understand', () => {
    const search = (mode: string) => read(`postgresql://ana:a@db/plan?sslmode=${mode}`).search;
    expect(search('require')).toBe('?sslmode=require&uselibpqcompat=true');
    expect(search('no-verify')).toBe('?sslmode=require&uselibpqcompat=true');
    expect(search('verify-full')).toBe('?sslmode=verify-full&uselibpqcompat=true');
    expect(mistake('postgresql://ana:a@db/plan?sslmode=prefer')).toMatch(/one of disable, require, /);
    expect(mistake('postgresql://ana:a@db/plan?sslmode=verify-ca')).toMatch(/sslrootcert=FILE/);
    expect(mistake('postgresql://ana:a@db/plan?sslrootcert=/no/such/file')).toMatch(/^sslrootcert .* cannot be read\./);
  });

  test('that cannot be read is refused by its key with what may have gone wrong, and is not shown', () => {
    for (const url of ['mysql://db', 'db.example.org/plan', 'postgresql://ana:hunter2@:x/plan'])
      expect(() => readConfig({ DATABASE_URL: url })).toThrow(
        /^DATABASE_URL: must be an address like [^\n]*%40 for an @ in the password, [^\n]*$/,
      );
  });
});
