import { randomUUID } from 'node:crypto';
import type { Contribution } from '../../src/contributions/contribution.ts';
import type { Database } from '../../src/store/database.ts';

export interface Person {
  key: string;
  channel: string;
  language: string;
  status: string;
}

/** A contributor, on the memory channel unless said otherwise; gives the identity's id. */
export async function addPerson(db: Database, person: Partial<Person> = {}): Promise<string> {
  const key = person.key ?? `memory:test:${randomUUID()}`;
  const { rows } = await db.pool.query(
    `INSERT INTO identity (key, contributor_id, channel, address, language, status, consent_version)
     VALUES ($1, $2, $5, $1, $3, $4, '1') RETURNING id`,
    [key, randomUUID(), person.language ?? 'en', person.status ?? 'active', person.channel ?? 'memory'],
  );
  return rows[0].id;
}

let moment = Date.parse('2026-03-01T09:00:00Z');

/** Something that person said; each a second later than the one before. */
export async function addContribution(
  db: Database,
  identityId: string,
  reference: string,
  said: Partial<Pick<Contribution, 'text' | 'kind' | 'state' | 'fields' | 'language' | 'attachments'>> = {},
): Promise<void> {
  moment += 1000;
  await db.pool.query(
    `INSERT INTO contribution (id, reference, contributor_id, identity_id, kind, text, fields, language, channel, state,
       submitted_at, updated_at, attachments)
     SELECT $1, $2, contributor_id, id, $4, $5, $6, $7, channel, $8, $9, $9, $10 FROM identity WHERE id = $3`,
    [
      ...[randomUUID(), reference, identityId, said.kind ?? 'idea', said.text ?? `What ${reference} says`],
      ...[JSON.stringify(said.fields ?? {}), said.language ?? 'en', said.state ?? 'received', new Date(moment)],
      JSON.stringify(said.attachments ?? []),
    ],
  );
}

/** The state of each contribution, by its reference. */
export async function statesIn({ pool }: Database): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ reference: string; state: string }>('SELECT reference, state FROM contribution');
  return Object.fromEntries(rows.map(({ reference, state }) => [reference, state]));
}
