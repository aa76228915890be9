import type { Attachment } from '../core/inbound.ts';

/** How long somebody speaks, as `0:14`; `unknown` where the platform does not say, `none` where nobody speaks. */
export function voiceLength(files: readonly Pick<Attachment, 'kind' | 'seconds'>[]): string {
  const voices = files.filter(({ kind }) => kind === 'voice');
  if (voices.length === 0) return 'none';
  const seconds = voices.reduce((sum, voice) => sum + (voice.seconds ?? 0), 0);
  if (seconds === 0) return 'unknown';
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** What stands for words where there are none: how long somebody speaks, `unknown`; else `photo` or `document`. */
export function insteadOfWords(files: readonly Pick<Attachment, 'kind' | 'seconds'>[]): string {
  const length = voiceLength(files);
  if (length !== 'none') return length;
  return files.every(({ kind }) => kind === 'photo') ? 'photo' : 'document';
}
