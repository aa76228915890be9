import { spokenOf } from '../../src/app/liveScript.ts';
import { readFolder } from '../../src/flow/source/folder.ts';
import { scriptOf } from '../../src/flow/source/load.ts';

/** What the shipped flows say. */
export const shippedSpoken = spokenOf(scriptOf(await readFolder('flows')), 'flows', () => ['en', 'es', 'fr']);
