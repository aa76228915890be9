import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { doctorWords, isHealthy, runDoctor } from '../../src/cli/doctor.ts';
import { tokenProbes } from '../../src/cli/tokens.ts';
import { readConfig } from '../../src/config.ts';
import { Mistake } from '../../src/domain/errors.ts';

const TOKEN = '110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw';

/** An API that answers by the last part of the path, and refuses the rest. */
async function api(answers: Record<string, object>): Promise<string> {
  const server = createServer((request, response) => {
    const method = request.url?.split('/').at(-1) ?? '';
    response.end(JSON.stringify(answers[method] ?? { ok: false, error: 'invalid_auth' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('tells every mistake of the configuration, and looks no further', async () => {
  const findings = await runDoctor(
    () => readConfig({ PORT: 'x', ROLE: 'web' }),
    () => expect.unreachable(),
  );
  expect(findings.map(({ area, state }) => `${area} ${state}`)).toEqual(['configuration wrong', 'configuration wrong']);
});

it('hints that no platform is set, and is healthy all the same', async () => {
  const findings = await runDoctor(
    () => readConfig({}),
    () => ({ flows: async () => '9 flows' }),
  );
  expect(findings.map(({ state }) => state)).toEqual(['hint', 'fine']);
  expect(findings[0]?.remedy).toContain('TELEGRAM_BOT_TOKEN');
  expect(isHealthy(findings)).toBe(true);
});

it('looks at every part, however many are wrong, and gives each its remedy', async () => {
  const findings = await runDoctor(
    () => readConfig({}),
    () => ({
      database: () =>
        Promise.reject(new Error('fetch failed', { cause: new Error('connect ECONNREFUSED postgres://u:hunter2@db') })),
      queue: () => new Promise(() => undefined),
      flows: () => Promise.reject(new Mistake('two', ['idea.flow.yaml:3: one', 'idea.flow.yaml:9: other'])),
    }),
    20,
  );
  const words = doctorWords(findings);
  expect(isHealthy(findings)).toBe(false);
  expect(words).toContain('✗ database: connect ECONNREFUSED');
  expect(words).toContain('DATABASE_URL');
  expect(words).toContain('✗ queue: no answer');
  expect(words).toContain('REDIS_URL');
  expect(words).toContain('idea.flow.yaml:9: other');
  expect(words).not.toContain('hunter2');
});

it('asks both platforms whether they know the tokens', async () => {
  const root = await api({
    getMe: { ok: true, result: { username: 'plan_bot' } },
    getWebhookInfo: { ok: true, result: {} },
    'auth.test': { ok: true, user: 'hearback', team: 'Plan' },
    'apps.connections.open': { ok: true },
  });
  const env = {
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: root,
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    SLACK_API_URL: root,
  };
  const findings = await runDoctor(() => readConfig(env), tokenProbes);
  expect(findings.map(({ what }) => what)).toEqual([
    'role all',
    '@plan_bot, by long polling',
    'hearback in Plan, by Socket Mode',
  ]);
});

it('names each token that is refused, without showing it', async () => {
  const root = await api({});
  const env = {
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: root,
    SLACK_BOT_TOKEN: 'xoxb-12345',
    SLACK_APP_TOKEN: 'xapp-12345',
    SLACK_API_URL: root,
  };
  const findings = await runDoctor(() => readConfig(env), tokenProbes);
  const words = doctorWords(findings);
  for (const key of ['TELEGRAM_BOT_TOKEN', 'SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN']) expect(words).toContain(key);
  expect(words).not.toMatch(/AAHdq|12345/);
});

it('passes on what keeps the webhook from being reached', async () => {
  const root = await api({
    getMe: { ok: true, result: { username: 'plan_bot' } },
    getWebhookInfo: { ok: true, result: { pending_update_count: 2, last_error_message: 'Connection refused' } },
  });
  const env = { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: root, TELEGRAM_WEBHOOK_SECRET: 'abc' };
  expect(doctorWords(await runDoctor(() => readConfig(env), tokenProbes))).toContain('Connection refused');
});
