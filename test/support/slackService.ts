import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { silentLog } from '../../src/core/log.ts';
import { type Service, startService } from '../../src/main.ts';
import { parseProcess } from '../../src/process/process.ts';
import { type SlackSandbox, startSlackSandbox } from '../../src/sandbox/slack.ts';
import { openDatabase } from '../../src/store/database.ts';
import { createProcesses } from '../../src/store/processes.ts';
import { flowsAtOnce } from './atOnce.ts';
import { freshDatabaseUrl } from './database.ts';
import { UNHURRIED } from './hearback.ts';
import { temporaryFolder } from './ownServer.ts';

export interface SlackService {
  slack: SlackSandbox;
  service: Service;
}

/** The whole service on the stand-in, with the example process of the folder; `socket` or by HTTP. Ends with the test. */
export async function startSlackService(mode: string, flowsDir = flowsAtOnce()): Promise<SlackService> {
  const slack = await startSlackSandbox();
  const url = await freshDatabaseUrl();
  await applyExample(url, flowsDir);
  const config = readConfig({
    DATABASE_URL: url,
    DATA_DIR: await temporaryFolder(),
    FLOWS_DIR: flowsDir,
    PORT: '0',
    SLACK_MESSAGES_PER_SECOND: '1000',
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_API_URL: slack.apiUrl,
    ...(mode === 'socket' ? { SLACK_APP_TOKEN: slack.appToken } : { SLACK_SIGNING_SECRET: slack.signingSecret }),
  });
  const service = await startService(config, silentLog, undefined, UNHURRIED);
  onTestFinished(async () => {
    await service.stop();
    await slack.close();
  });
  if (mode === 'http') slack.webhooks.urls = [`${service.url}/slack/events`];
  return { slack, service };
}

async function applyExample(url: string, flowsDir: string): Promise<void> {
  const db = await openDatabase(url);
  const file = path.join(flowsDir, 'example.process.yaml');
  await createProcesses(db).apply(parseProcess(await readFile(file, 'utf8'), file));
  await db.close();
}
