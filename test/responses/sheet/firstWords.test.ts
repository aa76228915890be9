import { expect, test } from 'vitest';
import { firstWords } from '../../../src/responses/sheet/changes.ts';

const voice = { kind: 'voice' as const, ref: 'r', mime: null, name: null, size: 8, seconds: 14 };

test('a preview calls what has no words what it is', () => {
  expect(firstWords({ text: '', attachments: [voice] })).toBe('(voice message, 0:14)');
  expect(firstWords({ text: ' ', attachments: [{ ...voice, kind: 'photo' }] })).toBe('(photo)');
  expect(firstWords({ text: 'A bench\nby the school', attachments: [voice] })).toBe('"A bench by the school"');
});
