import { readFolder } from '../../src/conversation/flow/source/folder.ts';
import { scriptOf } from '../../src/conversation/flow/source/load.ts';
import { spokenOf } from '../../src/conversation/liveScript.ts';

/** What the shipped flows say. */
export const shippedSpoken = spokenOf(scriptOf(await readFolder('flows')), 'flows', () => ['en', 'es', 'fr']);
