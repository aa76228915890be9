/** Hands out the rate of a platform to all processes on one database; what each of them fires when is its local rate limit. */
export interface SharedRateLimit {
  /**
   * Reserves a stretch of time for `count` messages, spaced evenly from `waitMs` on. Nothing is granted while the
   * platform has asked for silence or the queue before us is longer than `horizonMs`: come back after `waitMs`.
   */
  take(key: string, count: number, perSecond: number, horizonMs: number): Promise<{ granted: number; waitMs: number }>;
  /** Counts messages that went out without a reservation: the next reservation begins that much later. */
  charge(key: string, count: number, perSecond: number): Promise<void>;
  /** Silence for so long from now; never shortens one that is longer. */
  block(key: string, ms: number): Promise<void>;
  /** Milliseconds of silence left; 0 when there is none. */
  blocked(key: string): Promise<number>;
}
