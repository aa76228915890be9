import type { Channel } from '../core/channel.ts';
import { rateLimitKey, safeRate } from './localRateLimit.ts';

/**
 * The rate at which messages are changed: where changes have a limit of their own, they do not count against sending.
 */
export const changeRate = ({ name, limits }: Channel): { key: string; perSecond: number } =>
  limits.changesPerSecond === undefined
    ? { key: rateLimitKey(name), perSecond: safeRate(limits.perSecond) }
    : { key: `change:${name}`, perSecond: safeRate(limits.changesPerSecond) };
