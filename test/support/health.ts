import type { Health } from '../../src/core/health.ts';

const fine = { state: 'fine', reason: null } as const;

/** Of a web server whose health is not a matter of the test. */
export const allFine = async (): Promise<Health> => ({ ok: true, database: fine, queue: fine, channels: {} });
