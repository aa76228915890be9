import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { command } from '../support/command.ts';
import { freshDatabaseUrl } from '../support/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'notices-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a notice is refused while a button leads nowhere, and its preview shows every button', {
  timeout: 60_000,
}, async () => {
  const env = { DATABASE_URL: await freshDatabaseUrl() };
  const file = join(folder, 'notice.yaml');
  const hearback = (...args: string[]) => command(args, env);
  const write = (question: string, flow: string) =>
    writeFileSync(
      file,
      `kind: announcement
texts: { en: Hello, es: Hola }
buttons:
  - { label: { en: Answer, es: Responder }, question: ${question} }
  - { label: Idea, flow: ${flow} }
  - { label: Site, url: 'https://example.org' }
`,
    );
  await hearback('process', 'apply', 'flows/example.process.yaml', '--yes');
  write('nothing-like-it', 'respond');
  const refused = await hearback('notices', 'create', file);
  expect(refused.code).toBe(1);
  expect(refused.err).toMatch(
    /notice\.yaml:4: buttons\.0\.question the process has no question "nothing-like-it"\. There are: /,
  );
  expect(refused.err).toContain('notice.yaml:5: buttons.1.flow no flow that a button can begin is called "respond"');
  const [question] = /(?<=There are: )[\w-]+/.exec(refused.err) ?? [];
  write(question ?? '', 'idea');
  const { id } = JSON.parse((await hearback('notices', 'create', file, '--json')).out);
  const { out } = await hearback('notices', 'preview', id);
  expect(out.split('\n').slice(0, 8)).toEqual([
    ...[
      'en: Hello',
      `    [ Answer ] question ${question}`,
      '    [ Idea ] flow idea',
      '    [ Site ] url https://example.org',
    ],
    ...[
      'es: Hola',
      `    [ Responder ] question ${question}`,
      '    [ Idea ] flow idea',
      '    [ Site ] url https://example.org',
    ],
  ]);
});
