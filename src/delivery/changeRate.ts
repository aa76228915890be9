import type { Channel } from '../core/channel.ts';
import { rateLimitKey, safeRate } from './localRateLimit.ts';

/** At which rate messages are changed: where changes have a limit of their own, they take nothing from what is sent. */
export const changeRate = ({ name, limits }: Channel): { key: string; perSecond: number } =>
  limits.changesPerSecond === undefined
    ? { key: rateLimitKey(name), perSecond: safeRate(limits.perSecond) }
    : { key: `change:${name}`, perSecond: safeRate(limits.changesPerSecond) };
