import { expect, test } from 'vitest';
import { ATTRIBUTIONS, CONTRIBUTION_KINDS, CONTRIBUTION_STATES } from '../../src/contributions/contribution.ts';
import { NOTICE_STATES } from '../../src/notices/notice.ts';
import { IDENTITY_STATUSES } from '../../src/people/identity.ts';
import { ROLES } from '../../src/people/member.ts';
import { STAKEHOLDER_GROUPS, WANTS } from '../../src/people/preferences.ts';
import { ANSWERS } from '../../src/process/events/attendance.ts';
import { DECISIONS, RESPONSE_STATES } from '../../src/responses/decision.ts';
import { THREAD_KINDS, THREAD_STATES } from '../../src/responses/thread.ts';
import { freshDatabase } from '../support/database.ts';

test('whatever names a row of another table is held to it, save deliveries, which are made by the hundred thousand', async () => {
  const { pool } = await freshDatabase();
  const { rows } = await pool.query(`
    SELECT table_name || '.' || column_name AS column FROM information_schema.columns c
    WHERE table_schema = 'public' AND (column_name ~ '_id$' OR column_name IN ('reply_to', 'turn_of', 'timeline', 'timeline_seen'))
      AND NOT EXISTS (
        SELECT FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
        WHERE k.contype = 'f' AND k.conrelid = quote_ident(c.table_name)::regclass AND a.attname = c.column_name)
    ORDER BY 1`);
  // Contributors have no row of their own, and messages are the platform's.
  const free = ['contribution.contributor_id', 'identity.contributor_id'];
  const messages = ['thread_message.message_id'];
  const deliveries = ['delivery.identity_id', 'delivery.notice_id', 'delivery.thread_id'];
  expect(rows.map(({ column }) => column)).toEqual([...free, ...messages, ...deliveries].sort());
});

const LISTS: Record<string, readonly string[]> = {
  identity_status_check: IDENTITY_STATUSES,
  identity_wants_check: WANTS,
  identity_group_check: STAKEHOLDER_GROUPS,
  contribution_kind_check: CONTRIBUTION_KINDS,
  contribution_attribution_check: ATTRIBUTIONS,
  contribution_state_check: CONTRIBUTION_STATES,
  response_decision_check: DECISIONS,
  response_state_check: RESPONSE_STATES,
  notice_state_check: NOTICE_STATES,
  thread_kind_check: THREAD_KINDS,
  thread_state_check: THREAD_STATES,
  member_roles_check: ROLES,
  attendance_answer_check: ANSWERS,
};

test('a state is one of those that the program knows, in the database as well', async () => {
  const { pool } = await freshDatabase();
  const { rows } = await pool.query(
    `SELECT conname AS name, pg_get_constraintdef(oid) AS is FROM pg_constraint WHERE contype = 'c'`,
  );
  const words = new Map(rows.map(({ name, is }) => [name, [...is.matchAll(/'(\w+)'::text/g)].map(([, word]) => word)]));
  for (const [name, list] of Object.entries(LISTS)) expect(words.get(name)?.sort(), name).toEqual([...list].sort());
  await expect(
    pool.query(`INSERT INTO notice (id, kind, texts, on_uncertain, state, created_at)
    VALUES ('n', 'announcement', '{}', 'hold', 'lost', now())`),
  ).rejects.toThrow('notice_state_check');
});
