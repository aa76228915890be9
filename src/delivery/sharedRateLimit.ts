/** Divides a platform's rate among all processes on one database; within each, the local rate limit times the calls. */
export interface SharedRateLimit {
  /**
   * Reserves a stretch of time for `count` messages, spaced evenly from `waitMs` on. Nothing is granted while the
   * platform has asked for silence, or more than `horizonMs` is reserved already: come back after `waitMs`.
   */
  take(key: string, count: number, perSecond: number, horizonMs: number): Promise<{ granted: number; waitMs: number }>;
  /** Counts messages that went out without a reservation: the next reservation starts that much later. */
  charge(key: string, count: number, perSecond: number): Promise<void>;
  /** Silences the key for so long from now; never shortens a longer silence. */
  block(key: string, ms: number): Promise<void>;
  /** Milliseconds of silence left; 0 when there is none. */
  blocked(key: string): Promise<number>;
}
