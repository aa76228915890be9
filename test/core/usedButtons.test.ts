import { expect, test } from 'vitest';
import { fateOf } from '../../src/core/usedButtons.ts';

test('of several that were picked each stays ticked, once that is the answer', () => {
  const fate = (label: string, data: string) => fateOf({ label, data }, 'n:d', 'answered');
  expect([fate('✓ Health', 'n:r0'), fate('Schools', 'n:a1'), fate('That is all', 'n:d')]).toEqual([
    'ticked',
    'goes',
    'ticked',
  ]);
});

test('a button of another question, of a menu, or that opens an address is nobody’s answer', () => {
  for (const data of ['m:o0', 'flow:idea', 'a.e:HB-2345678.sig', null])
    expect(fateOf({ label: 'Other', data }, 'n:o0', 'answered')).toBe('stays');
});

test('a signed button that no longer holds takes none of the others with it', () => {
  const pressed = 'a.o:v:0.signature000';
  for (const data of ['a.o:v:3.signature001', 'a.o:n:0.signature002'])
    expect(fateOf({ label: 'Approve: to 3 people', data }, pressed, 'asked_again')).toBe('stays');
});
