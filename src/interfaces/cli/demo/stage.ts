import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Actions } from '../../../actions/actions.ts';
import { openTerminalActions } from '../../../compose/actions.ts';
import { readConfig } from '../../../config.ts';
import type { Log } from '../../../core/log.ts';
import { createLog } from '../../../core/pinoLog.ts';
import { createStops, type Stops } from '../../../core/shutdown.ts';
import { type Service, startService } from '../../../main.ts';
import { atTerminal } from '../../../people/actor.ts';
import { parseProcess } from '../../../process/process.ts';
import type { SimulatedPerson } from '../../../sandbox/people.ts';
import { startSlackSandbox } from '../../../sandbox/slack.ts';
import { startTelegramSandbox } from '../../../sandbox/telegram.ts';
import { preparedToday } from './dates.ts';
import type { InputPart } from './inputs.ts';

export interface StageActor extends SimulatedPerson {
  part: InputPart;
}

/** Two platforms, the service on both, and the people. */
export interface Stage {
  service: Service;
  /** Of the operator, who plays the organizers and the forum. */
  actions: Actions;
  people: StageActor[];
  close(): Promise<void>;
}

const FIRST_ID = 5000;

/** Sets up everything below `folder`; the first person is on Telegram, the next on Slack, and so on. */
export async function setUp(folder: string, parts: InputPart[], asked: AbortSignal): Promise<Stage> {
  const stops = createStops();
  try {
    return await raise(folder, parts, stops, asked);
  } catch (error) {
    await stops.run().catch(() => undefined);
    throw error;
  }
}

async function raise(folder: string, parts: InputPart[], stops: Stops, asked: AbortSignal): Promise<Stage> {
  const telegram = await startTelegramSandbox();
  stops.add(() => telegram.close());
  const slack = await startSlackSandbox();
  stops.add(() => slack.close());
  const config = readConfig({
    DATA_DIR: folder,
    PORT: '0',
    FLOWS_DIR: readConfig().flowsDir,
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.url,
    TELEGRAM_MESSAGES_PER_SECOND: '1000',
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    SLACK_MESSAGES_PER_SECOND: '500',
    NOTICE_HOLD_SECONDS: '0',
    APPROVAL_ABOVE: '1000000',
  });
  const ended = new AbortController();
  const service = await startService(config, logUntil(ended.signal, createLog('warn')), asked);
  stops.add(() => service.stop());
  const file = path.join(config.flowsDir, 'example.process.yaml');
  const actions = openTerminalActions(service.core, config);
  const example = parseProcess(await readFile(file, 'utf8'), file);
  await actions.process.apply(atTerminal(), preparedToday(example, Date.now()));
  const people = parts.map((part, index): StageActor => {
    const { language } = part;
    const id = FIRST_ID + index;
    if (index % 2 === 0)
      return Object.assign(telegram.user(id, { language }), { channel: 'Telegram', language, part, presses: [] });
    const user = slack.user(`U${id}`, { language });
    const command = (text: string) => user.slash(text.replace(/^\//, ''));
    return Object.assign(user, { channel: 'Slack', language, part, command, presses: [] });
  });
  stops.add(async () => ended.abort());
  return { service, actions, people, close: stops.run };
}

/** What people say to a service that is ending is not news. */
function logUntil(ended: AbortSignal, log: Log): Log {
  const silent = () => ended.aborted;
  return {
    debug: (...line) => silent() || log.debug(...line),
    info: (...line) => silent() || log.info(...line),
    warn: (...line) => silent() || log.warn(...line),
    error: (...line) => silent() || log.error(...line),
  };
}
