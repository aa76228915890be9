import { expect, test } from 'vitest';
import { withOlder } from '../../../src/conversation/flow/flowRegistry.ts';
import { openFlowRegistry } from '../../../src/conversation/flow/source/load.ts';
import { longerFlows } from '../../support/longer.ts';
import { only, read, talk } from '../../support/talk.ts';

test('whoever is in the middle of an older version of a question finishes it as it was', async () => {
  const older = await longerFlows();
  const newest = await openFlowRegistry('flows');
  const person = talk(older);
  const asked = { question_id: 'trust', question_text: 'Why?' };
  person.take({ kind: 'begin', flow: 'question', answers: asked });
  person.says('Because the bills are not shown');
  person.registry = withOlder(newest, older.flows);
  person.presses('No name');
  expect(only(person.events, 'contributed').map(({ contribution }) => contribution.text)).toEqual([
    'Because the bills are not shown',
  ]);
  person.take({ kind: 'begin', flow: 'question', answers: asked });
  expect(read(person.says('And the firms are not named'))).toBe('');
  expect(only(person.events, 'contributed')).toHaveLength(2);
});
