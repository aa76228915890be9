import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import QRCode from 'qrcode';
import { afterAll, describe, expect, test } from 'vitest';
import { type Link, startPayload } from '../../src/people/links.ts';
import { createPosters } from '../../src/people/posters.ts';
import { createLinks } from '../../src/store/links.ts';
import { freshDatabase } from '../support/database.ts';
import { seedPeople } from '../support/outbound.ts';

const folder = mkdtempSync(join(tmpdir(), 'links-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FLOWS = ['idea', 'timeline'];

describe('what a link says', () => {
  test('is always something that Telegram takes and that is understood again, or refused', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), fc.constantFrom(null, ...FLOWS), (source, flow) => {
        let payload: string;
        try {
          payload = startPayload({ source, flow }, FLOWS);
        } catch {
          return;
        }
        expect(payload).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
        const [first = '', ...rest] = payload.split('__');
        expect(FLOWS.includes(first) ? [first, rest.join('__')] : [null, payload]).toEqual([flow, source]);
      }),
    );
  });

  test.each([
    [{ source: 'jóvenes', flow: null }, 'other signs'],
    [{ source: '', flow: null }, 'other signs'],
    [{ source: 'a__b', flow: 'idea' }, 'two _ in a row'],
    [{ source: 'idea', flow: null }, 'would begin'],
    [{ source: 'member_7', flow: null }, 'signs a member in'],
    [{ source: 'x'.repeat(60), flow: 'idea' }, 'takes 66 characters, 64 fit'],
  ] as [Link, string][])('%j is refused with the remedy', (link, words) => {
    expect(() => startPayload(link, FLOWS)).toThrow(words);
  });
});

const URL_OF = (start: string) => `https://t.me/hearback_bot?start=${start}`;
const addresses = async (start: string) => [{ channel: 'telegram' as const, url: URL_OF(start), toType: null }];

test('a link is kept with QR codes for a poster, never over a file that is there', async () => {
  const { pool } = await freshDatabase();
  const parts = { links: createLinks(pool), flows: FLOWS, addresses };
  const link = { source: 'youth-council', flow: 'idea' };
  const [poster] = await createPosters(link, parts, { folder: join(folder, 'posters') });
  expect(poster?.url).toBe('https://t.me/hearback_bot?start=idea__youth-council');
  const png = readFileSync(poster?.png ?? '');
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(1000);
  const modules = QRCode.create(poster?.url ?? '', { errorCorrectionLevel: 'M' }).modules.size;
  expect(readFileSync(poster?.svg ?? '', 'utf8')).toContain(`viewBox="0 0 ${modules + 8} ${modules + 8}"`);

  writeFileSync(poster?.svg ?? '', 'mine');
  await expect(createPosters(link, parts, { folder: join(folder, 'posters') })).rejects.toThrow('is there already');
  expect(readFileSync(poster?.svg ?? '', 'utf8')).toBe('mine');
  await createPosters(link, parts, { folder: join(folder, 'posters'), force: true });
  expect(readFileSync(poster?.svg ?? '', 'utf8')).toContain('<svg');
  await expect(createPosters({ source: 'x', flow: 'ideas' }, parts, { folder })).rejects.toThrow(
    'There are: idea, timeline',
  );
  await expect(createPosters(link, { ...parts, addresses: async () => [] }, { folder })).rejects.toThrow('No platform');
});

test('arrivals are counted by source, of sources without a link too', async () => {
  const database = await freshDatabase();
  const links = createLinks(database.pool);
  await seedPeople(database, 5);
  await database.pool.query(`UPDATE identity SET source = CASE WHEN id < 4 THEN 'youth' WHEN id = 4 THEN 'radio' END`);
  await database.pool.query(
    `INSERT INTO contribution (id, reference, contributor_id, identity_id, kind, text, language, channel, submitted_at, updated_at)
     SELECT gen_random_uuid(), 'HB-' || n, contributor_id, i.id, 'idea', 'x', 'en', channel, now(), now()
     FROM identity i, generate_series(1, 2) n WHERE i.id = n OR (n = 2 AND i.id = 2)`,
  );
  for (const link of [
    { source: 'youth', flow: 'idea' },
    { source: 'youth', flow: null },
    { source: 'bus', flow: null },
  ])
    await links.keep(link);
  await links.keep({ source: 'bus', flow: null });
  const all = await links.arrivals();
  expect(all.map(({ createdAt, ...row }) => row)).toEqual([
    { source: 'youth', flows: [null, 'idea'], arrivals: 3, contributed: 2 },
    { source: 'radio', flows: [], arrivals: 1, contributed: 0 },
    { source: 'bus', flows: [null], arrivals: 0, contributed: 0 },
  ]);
});
