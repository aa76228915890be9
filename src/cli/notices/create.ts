import { readFile } from 'node:fs/promises';
import { type NoticeDraft, readNoticeFile } from '../../app/noticeFile.ts';
import { Mistake } from '../../domain/errors.ts';
import { print } from '../words.ts';
import { type Doing, doer, type NoticesWiring } from './wiring.ts';

export async function create(wiring: NoticesWiring, file: string, { as, json }: Doing): Promise<void> {
  const draft = await draftIn(wiring, file);
  const made = await wiring.announcer.create(draft, await doer(wiring, as));
  const next = `Notice ${made.id} is a draft. See it, and whom it reaches: hearback notices preview ${made.id}`;
  print(json ? JSON.stringify(made) : next);
}

/** @throws Mistake with every error of the file */
export async function draftIn({ targets }: NoticesWiring, file: string): Promise<NoticeDraft> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Mistake(`${file} cannot be read. Name a notice file with kind, texts and audience.`);
  });
  return readNoticeFile(text, file, await targets());
}
