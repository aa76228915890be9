import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { fetchFiles } from '../../src/contributions/files.ts';
import { SendError, type SendErrorCode } from '../../src/core/channel.ts';
import type { Attachment } from '../../src/core/inbound.ts';

const root = mkdtempSync(join(tmpdir(), 'files-'));
afterAll(() => rmSync(root, { recursive: true }));
let folder: string;
let made = 0;
beforeEach(() => {
  folder = join(root, `out-${made++}`, 'deeper');
});

const attachment = (more: Partial<Attachment> = {}): Attachment => ({
  ...{ kind: 'document', ref: 'a', mime: null, name: 'map.pdf', size: null },
  ...more,
});

/** Keeps the files of a platform; what is not there is refused with this code. */
const platform = (files: Record<string, string>, code: SendErrorCode = 'rejected') => ({
  async download(ref: string): Promise<Uint8Array> {
    const text = files[ref];
    if (text === undefined) throw new SendError(code, 'the file answered 404');
    return Buffer.from(text);
  },
});
const fetch = (attachments: Attachment[], files: Record<string, string> = { a: 'one', b: 'two' }) =>
  fetchFiles({ reference: 'HB-K4TXW9A', attachments }, platform(files), folder);

test('each file is written under the reference, a number and its own name', async () => {
  const fetched = await fetch([attachment(), attachment({ ref: 'b' })]);
  expect(fetched[0]).toEqual({
    ...{ file: join(folder, 'HB-K4TXW9A-1-map.pdf'), kind: 'document', state: 'written', bytes: 3, note: null },
  });
  expect(fetched.map(({ file }) => readFileSync(file, 'utf8'))).toEqual(['one', 'two']);
});

test('a file without a name is called by what it is', async () => {
  const voice = attachment({ kind: 'voice', name: null, mime: 'audio/ogg' });
  const picture = attachment({ kind: 'photo', name: null, mime: 'image/png' });
  const odd = attachment({ name: null, mime: 'constructor' });
  expect((await fetch([voice, picture, odd])).map(({ file }) => basename(file))).toEqual([
    'HB-K4TXW9A-1-voice.ogg',
    'HB-K4TXW9A-2-photo.png',
    'HB-K4TXW9A-3-document.bin',
  ]);
});

test.each([
  ['../../etc/passwd', 'etc_passwd.bin'],
  ['..\\..\\boot.ini', 'boot.ini'],
  ['.bashrc', 'bashrc.bin'],
  ['a\u202efdp.exe', 'a_fdp.exe'],
  ['line\nbreak\u001b[2J.txt', 'line_break_2J.txt'],
  ['Straßenkarte 街道.pdf', 'Straßenkarte_街道.pdf'],
  ['...', 'document.bin'],
  [`${'long'.repeat(100)}.pdf`, `${'long'.repeat(100).slice(0, 50)}.pdf`],
])('a name from a stranger is safe on a disk: %j', async (name, safe) => {
  expect((await fetch([attachment({ name })])).map(({ file }) => basename(file))).toEqual([`HB-K4TXW9A-1-${safe}`]);
});

test('whatever its name, a file is written into the folder and nowhere else', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (name) => {
      rmSync(folder, { recursive: true, force: true });
      const [one] = await fetch([attachment({ name })]);
      expect(one?.state).toBe('written');
      expect(readdirSync(folder)).toEqual([basename(one?.file ?? '')]);
      expect(readdirSync(join(folder, '..'))).toEqual(['deeper']);
      expect(Buffer.byteLength(basename(one?.file ?? ''))).toBeLessThanOrEqual(255);
    }),
    { seed: 20_270_115, numRuns: 200 },
  );
});

test('what has been fetched is not written again, and another file is never overwritten', async () => {
  await fetch([attachment()]);
  expect(await fetch([attachment()])).toMatchObject([{ state: 'there', bytes: 3 }]);
  writeFileSync(join(folder, 'HB-K4TXW9A-1-map.pdf'), 'notes of a member');
  expect(await fetch([attachment()])).toMatchObject([
    { state: 'refused', note: expect.stringContaining('Move it away') },
  ]);
  expect(readFileSync(join(folder, 'HB-K4TXW9A-1-map.pdf'), 'utf8')).toBe('notes of a member');
});

test('a refusal is told for its file, with what to do, and the others are fetched', async () => {
  const fetched = await fetch([attachment({ ref: 'gone' }), attachment({ ref: 'b' })]);
  expect(fetched).toMatchObject([{ state: 'refused', bytes: null }, { state: 'written' }]);
  expect(fetched[0]?.note).toBe('the platform does not give it (the file answered 404). Ask its author for it.');
  expect(readdirSync(folder)).toHaveLength(1);
  const contribution = { reference: 'HB-K4TXW9A', attachments: [attachment({ ref: 'gone' })] };
  for (const code of ['unavailable', 'unauthorized', 'unknown_outcome'] as const) {
    const [later] = await fetchFiles(contribution, platform({}, code), folder);
    expect(later?.note).toContain('Try again later.');
  }
});

test('a file that is shorter than was announced is kept, and said to be', async () => {
  const [whole, cut] = await fetch([attachment({ size: 3 }), attachment({ size: 30_000 })]);
  expect(whole).toMatchObject({ state: 'written', note: null });
  expect(cut).toMatchObject({ state: 'written', note: expect.stringContaining('announced 30000 bytes') });
});

test('a folder that cannot be written to is a mistake with the remedy', async () => {
  writeFileSync(join(root, 'a-file'), '');
  const contribution = { reference: 'HB-K4TXW9A', attachments: [attachment()] };
  await expect(fetchFiles(contribution, platform({ a: 'one' }), join(root, 'a-file'))).rejects.toThrow(/--out/);
});

test('a fault of ours is not a refusal', async () => {
  const broken = { download: () => Promise.reject(new TypeError('ours')) };
  const contribution = { reference: 'HB-K4TXW9A', attachments: [attachment()] };
  await expect(fetchFiles(contribution, broken, folder)).rejects.toThrow(TypeError);
});
