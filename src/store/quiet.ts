/** Of process `p`: what its definition says of the night. */
const NIGHT = `(p.definition->'quietHours'->>'from')::time, (p.definition->'quietHours'->>'to')::time`;

/** Until when identity `i` must not be disturbed with news of process `p`; null: they may be now. */
export const quietUntil = (moment: string): string =>
  `quiet_until(${moment}, known_zone(i.zone, p.definition->>'timeZone'), ${NIGHT})`;

/** The same for answers: somebody who has just written is awake. */
export const quietUnlessAwake = (moment: string): string =>
  `CASE WHEN i.seen_at < ${moment} - interval '15 minutes' THEN ${quietUntil(moment)} END`;
