/** Of process `p`: what its definition says of the night. */
const NIGHT = `(p.definition->'quietHours'->>'from')::time, (p.definition->'quietHours'->>'to')::time`;

/** Until when identity `i` is not to be disturbed by what process `p` has to tell, as of a moment; null: they may be now. */
export const quietUntil = (moment: string): string =>
  `quiet_until(${moment}, known_zone(i.zone, p.definition->>'timeZone'), ${NIGHT})`;

/** The same for what answers them: whoever has just spoken is awake. */
export const quietUnlessAwake = (moment: string): string =>
  `CASE WHEN i.seen_at < ${moment} - interval '15 minutes' THEN ${quietUntil(moment)} END`;
