import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFarFrom } from '../../../src/core/agreedCount.ts';
import { momentOf } from '../../../src/core/calendar.ts';
import { actionsFor, hasBegun } from '../../../src/interfaces/chat/permissions.ts';
import { localOf, momentsAhead, packed, unpacked } from '../../../src/interfaces/chat/when.ts';
import { signed } from '../../../src/interfaces/chat/words.ts';
import { type Member, ROLES } from '../../../src/people/member.ts';

const MADRID = 'Europe/Madrid';
const at = (local: string, zone = MADRID) => momentOf(local, zone);
const ahead = (local: string) => momentsAhead(at(local), MADRID).map((moment) => `${moment.name} ${moment.local}`);

describe('the moments that are offered', () => {
  it.each([
    ['2027-03-25T10:00', ['today 2027-03-25T18:00', 'tomorrow 2027-03-26T09:00', 'monday 2027-03-29T09:00']],
    ['2027-03-25T18:00', ['tomorrow 2027-03-26T09:00', 'monday 2027-03-29T09:00']],
    ['2027-03-28T20:00', ['tomorrow 2027-03-29T09:00']],
    ['2027-03-29T08:00', ['today 2027-03-29T18:00', 'tomorrow 2027-03-30T09:00', 'monday 2027-04-05T09:00']],
  ])('at %s lie ahead, each once', (now, moments) => {
    expect(ahead(now)).toEqual(moments);
  });

  it('are of the zone’s own clocks, and fit into a button and out of it again', () => {
    const minutes = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2060, 0) }).map((ms) => ms - (ms % 60_000));
    const zones = fc.constantFrom(MADRID, 'America/Sao_Paulo', 'Pacific/Chatham', 'UTC');
    fc.assert(
      fc.property(minutes, zones, (now, zone) => {
        expect(unpacked(packed(localOf(now, zone)))).toBe(localOf(now, zone));
        for (const { local } of momentsAhead(now, zone)) expect(momentOf(local, zone)).toBeGreaterThan(now);
      }),
    );
  });

  it('cannot be made up', () => {
    for (const digits of ['', 'n', '27032510', '270325100', '27032510001', '2703251o00'])
      expect(unpacked(digits)).toBe(null);
  });
});

const member = fc.record({
  id: fc.constantFrom('ana', 'ben'),
  name: fc.constant('A'),
  roles: fc.subarray([...ROLES]),
  organization: fc.constant(null),
}) as fc.Arbitrary<Member>;
const notice = fc.record({
  kind: fc.constantFrom('announcement' as const, 'critical' as const, 'response' as const),
  state: fc.constantFrom(...(['draft', 'scheduled', 'running', 'paused', 'done', 'cancelled'] as const)),
  approval: fc.constantFrom(null, 'needed' as const, 'given' as const),
  scheduledBy: fc.constantFrom(null, 'operator', 'ana', 'ben'),
  createdBy: fc.constantFrom(null, 'operator', 'ana', 'ben'),
});

describe('what a member may do with a notice', () => {
  it('is never to approve their own, nor to steer what belongs to another role, nor to change what is over', () => {
    fc.assert(
      fc.property(notice, member, (it, who) => {
        const deeds = actionsFor(it, who);
        if (deeds.includes('approve')) expect([it.approval, it.scheduledBy === who.id]).toEqual(['needed', false]);
        const runs = deeds.filter((deed) => deed !== 'approve');
        if (runs.length > 0) expect(who.roles).toContain(it.kind === 'response' ? 'forum' : 'organizer');
        if (['done', 'cancelled'].includes(it.state) || who.roles.join() === 'liaison') expect(deeds).toEqual([]);
      }),
    );
  });

  it('is to pause and call back whatever is under way in their hands', () => {
    const ana: Member = { id: 'ana', name: 'Ana', roles: ['organizer', 'forum'], organization: null, side: null };
    const running = { state: 'running' as const, approval: null, scheduledBy: 'ben', createdBy: 'ben' };
    for (const kind of ['announcement', 'response'] as const)
      expect(actionsFor({ ...running, kind }, ana)).toEqual(['pause', 'cancel']);
  });
});

it('a notice has begun when it has recipients and its moment has come', () => {
  const now = Date.UTC(2027, 2, 1);
  expect(hasBegun({ recipients: 0, at: new Date(now - 1), approval: null }, now)).toBe(false);
  expect(hasBegun({ recipients: 2, at: new Date(now + 1), approval: null }, now)).toBe(false);
  expect(hasBegun({ recipients: 2, at: new Date(now), approval: null }, now)).toBe(true);
  expect(hasBegun({ recipients: 2, at: new Date(now), approval: 'needed' }, now)).toBe(false);
});

it('a count that was agreed to holds within a tenth', () => {
  expect([90, 100, 110].map((now) => isFarFrom(100, now))).toEqual([false, false, false]);
  expect([89, 111].map((now) => isFarFrom(100, now))).toEqual([true, true]);
  expect([isFarFrom(0, 0), isFarFrom(0, 1), isFarFrom(3, 4)]).toEqual([false, true, true]);
});

it('the longest actions fit into a button', () => {
  const [uuid, id, key] = ['12345678-1234-1234-1234-123456789012', '0123456789ab', 'telegram:1234567890:1234567890'];
  for (const action of [
    `A:${uuid}:9999999`,
    `Q:c:${uuid}`,
    `v:999999:${uuid}`,
    `S:${id}:2703251000:9999999`,
    `t:${uuid}:zh-Hant`,
  ])
    expect(() => signed('secret', key)('label', action)).not.toThrow();
});
