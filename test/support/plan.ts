import { loadPhrases } from '../../src/core/loadPhrases.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from '../../src/process/process.ts';

export const outreachPhrases = await loadPhrases('flows/outreach.yaml');

/** A process in Madrid, in English, with no more than is said of it. */
export const plan = (change: Partial<ProcessDefinition>): ProcessDefinition => ({
  ...DEFAULT_PROCESS,
  name: 'Plan',
  languages: ['en'],
  timeZone: 'Europe/Madrid',
  ...change,
});
