import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attachmentWords } from '../../src/contributions/attachment.ts';
import { insteadOfWords, voiceLength } from '../../src/contributions/voice.ts';

const voice = (seconds?: number) => ({ kind: 'voice' as const, ...(seconds !== undefined && { seconds }) });

test('a voice message is called by how long it takes', () => {
  expect(voiceLength([voice(14)])).toBe('0:14');
  expect(voiceLength([voice(50), { kind: 'photo' }, voice(75)])).toBe('2:05');
  expect(voiceLength([voice()])).toBe('unknown');
  expect(voiceLength([{ kind: 'photo' }])).toBe('none');
  expect(attachmentWords([voice(14), { kind: 'photo' }])).toBe('voice message, 0:14; photo');
  expect(attachmentWords([voice()])).toBe('voice message');
});

test('where there are no words, what came is called what it is', () => {
  expect(insteadOfWords([{ kind: 'photo' }, { kind: 'photo' }])).toBe('photo');
  expect(insteadOfWords([{ kind: 'photo' }, { kind: 'document' }])).toBe('document');
  expect(insteadOfWords([{ kind: 'photo' }, voice(14)])).toBe('0:14');
});

test('minutes and seconds say all of it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1 }), (lengths) => {
      const [minutes = '', seconds = ''] = voiceLength(lengths.map(voice)).split(':');
      expect(Number(minutes) * 60 + Number(seconds)).toBe(lengths.reduce((sum, each) => sum + each, 0));
      expect(seconds).toMatch(/^[0-5]\d$/);
    }),
  );
});
