import { expect, test } from 'vitest';
import { noticeReport } from '../../src/notices/report.ts';
import { reportCounts } from '../../src/store/report.ts';
import { freshDatabase } from '../support/database.ts';
import { seedNotice, seedPeople } from '../support/outbound.ts';

test('who had a notice and who answered: its question whenever, anything else within two weeks', async () => {
  const { pool, ...database } = await freshDatabase();
  await seedPeople({ pool, ...database }, 8);
  await pool.query(`UPDATE identity SET source = 'youth', stakeholder_group = 'citizen' WHERE id <= 6`);
  await seedNotice({ pool, ...database }, 'n');
  await pool.query(
    `UPDATE delivery SET state = 'sent', settled_at = now() - interval '20 days' WHERE identity_id <> 8`,
  );
  await pool.query(
    `UPDATE delivery SET state = 'failed', settled_at = now() - interval '20 days' WHERE identity_id = 8`,
  );
  const contributed = (identity: number, daysAgo: number, question: string | null, state = 'received') =>
    pool.query(
      `INSERT INTO contribution (id, reference, contributor_id, identity_id, kind, text, language, channel, question, state, submitted_at, updated_at)
       SELECT gen_random_uuid(), 'HB-' || $1 || $2, contributor_id, id, 'idea', 'x', 'en', channel, $3, $4,
         now() - make_interval(days => $2::int), now() FROM identity WHERE id = $1::bigint`,
      [String(identity), String(daysAgo), question, state],
    );
  await contributed(1, 1, 'trust');
  await contributed(2, 10, null);
  await contributed(2, 9, null);
  await contributed(3, 1, null);
  await contributed(4, 30, 'trust');
  await contributed(5, 10, null, 'withdrawn');
  await contributed(8, 10, 'trust');
  await pool.query(`INSERT INTO attendance VALUES ('meeting', 6, 'yes', NULL, now(), now() - interval '15 days')`);

  const report = noticeReport({ id: 'n', begunAt: null, asks: true }, await reportCounts(pool, 'n', ['trust']));
  expect(report).toMatchObject({ recipients: 8, had: 7, answered: 3, toItsQuestion: 1 });
  expect(report.by).toEqual({
    language: [
      { value: 'en', had: 4, answered: 1 },
      { value: 'es', had: 3, answered: 2 },
    ],
    group: [
      { value: 'citizen', had: 6, answered: 3 },
      { value: null, had: 1, answered: 0 },
    ],
    channel: [{ value: 'telegram', had: 7, answered: 3 }],
    source: [
      { value: 'youth', had: 6, answered: 3 },
      { value: null, had: 1, answered: 0 },
    ],
  });
});
