/** How many it may be. */
export interface Range {
  least: number;
  most: number;
}

export const ANY: Range = { least: 0, most: Number.POSITIVE_INFINITY };

/** A count that was agreed to is good for what differs from it by a tenth at most. */
export const goodFor = (agreed: number): Range => ({ least: agreed - agreed / 10, most: agreed + agreed / 10 });

export function isFarFrom(agreed: number, now: number): boolean {
  const { least, most } = goodFor(agreed);
  return now < least || now > most;
}
