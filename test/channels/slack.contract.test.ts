import { createSlackChannel } from '../../src/channels/slack/channel.ts';
import { routesOf } from '../../src/channels/slack/driver.ts';
import { createWeb, listen } from '../../src/interfaces/web/server.ts';
import { type SlackSandbox, startSlackSandbox } from '../../src/sandbox/slack.ts';
import { type ContractPerson, type ContractStage, describeChannel } from '../contracts/channel.ts';
import { allFine } from '../support/health.ts';
import { channelOptions } from '../support/slack.ts';

function person(slack: SlackSandbox, name: string): ContractPerson {
  const id = `U${name.toUpperCase()}`;
  const user = slack.user(id, { name });
  return {
    key: `slack:T1:${id}`,
    address: `D${id}`,
    say: (text) => user.say(text),
    command: (command, argument) => user.slash(`${command} ${argument}`),
    press: (label) => user.press(label),
    async document(file, caption) {
      const bytes = Buffer.from('%PDF a bench');
      await user.files([{ name: file, mime: 'application/pdf', bytes }], caption);
      return bytes;
    },
    heard: () => user.chat.filter(({ from }) => from === 'bot'),
  };
}

async function stage(mode: 'socket' | 'http'): Promise<ContractStage> {
  const slack = await startSlackSandbox();
  slack.faults.resendMs = 50;
  const channel = createSlackChannel(await channelOptions(slack, mode));
  const web =
    mode === 'http' ? await listen(createWeb({ routes: routesOf(channel), health: allFine }), '127.0.0.1', 0) : null;
  if (web) slack.webhooks.urls = [`${web.url}/slack/events`];
  return {
    channel,
    person: (name) => person(slack, name),
    nobody: 'DNOBODY',
    leave: ({ address }) => slack.user(address.slice(1)).block(),
    slowDown(seconds) {
      slack.faults.stormUntil = seconds > 0 ? Number.POSITIVE_INFINITY : 0;
      slack.faults.stormRetryAfter = seconds;
    },
    fail: (failing) => {
      slack.faults.failEvery = failing ? 1 : 0;
    },
    loseNextAnswer: () => {
      slack.faults.loseNext = 1;
    },
    vanish: () => slack.close(),
    async close() {
      await web?.close();
      await slack.close();
    },
  };
}

describeChannel('slack', () => stage('socket'));
describeChannel('slack', () => stage('http'));
