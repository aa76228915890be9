import { readFile } from 'node:fs/promises';
import { type NoticeDraft, readNoticeFile } from '../../app/noticeFile.ts';
import { Mistake } from '../../domain/errors.ts';
import { type Desk, type Doing, doer } from './wiring.ts';

export async function create(desk: Desk, file: string, { as, json }: Doing): Promise<void> {
  const draft = await draftIn(desk, file);
  const made = await desk.announcer.create(draft, await doer(desk, as));
  const next = `Notice ${made.id} is a draft. See it, and whom it reaches: hearback notices preview ${made.id}`;
  desk.print(json ? JSON.stringify(made) : next);
}

/** @throws Mistake with every error of the file */
export async function draftIn({ targets }: Desk, file: string): Promise<NoticeDraft> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Mistake(`${file} cannot be read. Name a notice file with kind, texts and audience.`);
  });
  return readNoticeFile(text, file, await targets());
}
