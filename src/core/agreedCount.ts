/** The most and the least it may be. */
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

/** Up to this many it may always grow. */
const FEW = 50;

/**
 * The most people that something may have come to go to by its moment, when nobody has to agree again: people come in the
 * meantime, so half as many again is not a surprise, and neither is a handful.
 * @param agreed how many it went to when it was agreed to; null: nobody has looked
 */
export const mostLater = (agreed: number | null, approvalAbove: number): number =>
  agreed === null ? approvalAbove : Math.min(approvalAbove, Math.max(FEW, Math.floor(agreed * 1.5)));
