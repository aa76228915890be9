import type { Attachment } from '../../core/inbound.ts';
import type { Answer } from './types.ts';

/** Beside an answer: the file that came with its words, and the words that came with a file. */
export const fileBeside = (name: string): string => `${name}_file`;
export const captionBeside = (name: string): string => `${name}_caption`;

export const isFile = (answer: unknown): answer is Attachment => typeof answer === 'object' && answer !== null;

/** The files of an answer; none where it is something else. */
export const filesIn = (answer: Answer | undefined): Attachment[] => [answer].flat().filter(isFile);
