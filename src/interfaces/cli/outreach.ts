import path from 'node:path';
import { addressesIn, EXAMPLES, ratesIn } from '../../channels/registry.ts';
import type { Base } from '../../compose/base.ts';
import type { Config } from '../../config.ts';
import { openFlowRegistry } from '../../conversation/flow/source/load.ts';
import { systemClock } from '../../core/clock.ts';
import { loadPhrases } from '../../core/loadPhrases.ts';
import type { OutboundMessage } from '../../core/message.ts';
import { type NoticeMoment, type NoticeReader, renderNotices } from '../../notices/announce.ts';
import type { Notice } from '../../notices/notice.ts';
import { createNoticeOutlook } from '../../notices/outlook.ts';
import { createNoticeRecords, existing } from '../../notices/records.ts';
import { type NoticeReport, noticeReport } from '../../notices/report.ts';
import { createTestSend } from '../../notices/testSend.ts';
import { DEFAULT_PROCESS } from '../../process/process.ts';
import { wire } from './wiring.ts';

/** Opens what the commands of notices need. */
export async function wireOutreach() {
  const wiring = await wire();
  return { ...wiring, ...(await outreach(wiring, wiring.config)), actions: await wiring.actions() };
}

type Opened = Pick<Base, 'views' | 'processes'>;

/** The same without what every command has. */
export async function outreach(core: Opened, config: Config) {
  const { views, processes } = core;
  const notices = await views.notices();
  const render = rendering(core, config);
  const records = createNoticeRecords(notices);
  const parts = {
    ...{ clock: systemClock, holdSeconds: config.noticeHoldSeconds, approvalAbove: config.approvalAbove },
    process: async () => (await processes.current()) ?? DEFAULT_PROCESS,
  };
  return {
    records,
    outlook: createNoticeOutlook(records, parts),
    revision: (await views.edits()).status,
    testSend: createTestSend({ examples: EXAMPLES, notices, testSends: await views.testReaders(), render }),
    async calendar() {
      const phrasesIn = await phrases(core, config, 'outreach.yaml');
      return views.calendar({ phrasesIn, clock: systemClock, holdSeconds: config.noticeHoldSeconds });
    },
    services: views.services,
    isPublished: async () => (await core.processes.published()) !== null,
    unsure: (await views.unsure()).list,
    samples: notices.samples,
    retryable: notices.retryable,
    rates: ratesIn(config),
    moment: () => momentOf(core),
    commands: async () => Object.keys((await openFlowRegistry(config.flowsDir)).messages.commands),
    phrasesIn: () => phrases(core, config, 'chat.yaml'),
    framesIn: () => phrases(core, config, 'notices.yaml'),
    memberPhrases: async () => (await phrases(core, config, 'members.yaml'))('en'),
    async report(id: string): Promise<NoticeReport> {
      const notice = existing(id, await notices.find(id));
      const questions = notice.buttons.flatMap((button) => ('question' in button ? [button.question] : []));
      const begunAt = (await notices.history(id)).find(({ what }) => what === 'begun')?.at ?? null;
      return noticeReport({ id, begunAt, asks: questions.length > 0 }, await views.report(id, questions));
    },
  };
}

const phrases = async ({ processes }: Opened, { flowsDir }: Config, file: string) =>
  loadPhrases(path.join(flowsDir, file), ((await processes.current()) ?? DEFAULT_PROCESS).languages);

async function momentOf({ processes }: Pick<Opened, 'processes'>): Promise<NoticeMoment> {
  const { id, definition, closedAt } = await processes.now();
  return {
    ...{ process: definition ?? DEFAULT_PROCESS, processId: id, closed: closedAt !== null },
    now: systemClock(),
  };
}

/** A notice as one reader gets it, with a line above that says it is a test. */
function rendering(core: Opened, config: Config) {
  const { views } = core;
  return async (notice: Notice, reader: NoticeReader): Promise<OutboundMessage> => {
    const phrasesIn = await phrases(core, config, 'notices.yaml');
    const chats = reader.recipient === 'group' ? await addressesIn(config, firstFlow(notice)) : [];
    const rendered = await renderNotices([{ ...reader, id: '', noticeId: notice.id }], {
      notices: await views.notices(),
      secret: await views.signingSecret(),
      ...(await momentOf(core)),
      chatLink: (channel) => chats.find((chat) => chat.channel === channel)?.url ?? null,
      openChat: (language) => phrasesIn(language)('open_chat'),
      phrasesIn: await phrases(core, config, 'chat.yaml'),
    });
    const [message] = rendered.get('') ?? [];
    if (!message) throw new Error(`Notice ${notice.id} could not be rendered.`);
    return { ...message, blocks: [heading(phrasesIn(reader.language)('test_message')), ...message.blocks] };
  };
}

const heading = (text: string) => ({ kind: 'heading' as const, text });

function firstFlow({ buttons }: Notice): string {
  const found = buttons.find((button) => 'flow' in button);
  return found && 'flow' in found ? found.flow : 'welcome';
}
