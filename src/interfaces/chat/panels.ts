import type { ChatPanels, PanelReader } from '../../conversation/memberPanels.ts';
import { UserError } from '../../core/errors.ts';
import type { OutboundMessage } from '../../core/message.ts';
import { readAction } from '../../core/signedButtons.ts';
import type { Panel } from '../../core/surfaces.ts';
import { type Actor, interfaceOf } from '../../people/actor.ts';
import { isForum, isOrganizer, type Member, mayApprove } from '../../people/member.ts';
import { calendarView } from './calendar.ts';
import { approveAskView, approveView, changeAskView, changeOf, changeView } from './change.ts';
import { interestView, settledView } from './confirmations.ts';
import { type ChatPanelsParts, heading, noted, type PanelContext, type PanelView } from './context.ts';
import { answerView, ideaView, themesView, themeView, toConfirmView } from './decisions.ts';
import { ideaFilesView, threadFilesView } from './files.ts';
import { forumView, releaseAskView, releaseView } from './forum.ts';
import { listView, noticeView, waitingView } from './notice.ts';
import { leaveAskView, leaveView, overviewView } from './overview.ts';
import { previewView } from './preview.ts';
import { confirmView, scheduleView, whenView } from './schedule.ts';
import { closeAskView, closedView, handedView, handView, threadView, waitingThreadView } from './threads.ts';
import { signed } from './words.ts';

/** What the buttons stand for, by their first letter: who may, asked at every press, and the view that follows. */
interface Step {
  may: (member: Member) => boolean;
  view: (context: PanelContext, args: string[]) => PanelView | Promise<PanelView | null> | null;
}

const anyMember = () => true;
const count = (digits = ''): number => Number(/^\d{1,9}$/.exec(digits)?.[0] ?? 0);
const changing =
  (view: typeof changeView): Step['view'] =>
  (context, [letter = '', id = '']) => {
    const change = changeOf(letter);
    return change && view(context, change, id);
  };

const STEPS: Record<string, Step> = {
  '': { may: anyMember, view: overviewView },
  x: { may: anyMember, view: leaveAskView },
  X: { may: anyMember, view: leaveView },
  l: { may: mayApprove, view: (context, [from]) => listView(context, count(from)) },
  w: { may: mayApprove, view: waitingView },
  k: { may: mayApprove, view: (context, [from]) => calendarView(context, count(from)) },
  n: { may: mayApprove, view: (context, [id = '']) => noticeView(context, id) },
  t: { may: mayApprove, view: (context, [id = '', language]) => noticeView(context, id, { language }) },
  a: { may: mayApprove, view: (context, [id = '']) => approveAskView(context, id) },
  A: { may: mayApprove, view: (context, [id = '', people, mark]) => approveView(context, id, count(people), mark) },
  s: { may: isOrganizer, view: (context, [id = '']) => whenView(context, id) },
  c: { may: isOrganizer, view: (context, [id = '', when = '']) => confirmView(context, id, when) },
  S: {
    may: isOrganizer,
    view: (context, [id = '', when = '', people]) => scheduleView(context, id, when, count(people)),
  },
  q: { may: mayApprove, view: changing(changeAskView) },
  Q: { may: mayApprove, view: changing(changeView) },
  // What waits for release is the forum's alone; a release that waits for approval is read by those who may approve it.
  v: {
    may: mayApprove,
    view: (context, [reader, notice]) =>
      notice === undefined && !isForum(context.member) ? null : previewView(context, count(reader), notice ?? null),
  },
  // Whoever waits for an answer.
  p: { may: mayApprove, view: (context) => waitingThreadView(context) },
  h: { may: mayApprove, view: (context, [reference = '']) => threadView(context, reference) },
  b: { may: mayApprove, view: (context, [reference = '']) => threadFilesView(context, reference) },
  i: { may: mayApprove, view: (context, [reference = '']) => handView(context, reference) },
  I: { may: mayApprove, view: (context, [reference = '', to = '']) => handedView(context, reference, to) },
  j: { may: mayApprove, view: (context, [reference = '']) => closeAskView(context, reference) },
  J: { may: mayApprove, view: (context, [reference = '']) => closedView(context, reference) },
  f: { may: isForum, view: (context) => forumView(context) },
  d: { may: isForum, view: (context, [theme]) => (theme ? themeView(context, theme) : themesView(context)) },
  y: { may: isForum, view: (context) => toConfirmView(context) },
  u: { may: isForum, view: (context, [reference = '', among]) => ideaView(context, reference, { among }) },
  e: { may: isForum, view: (context, [reference = '']) => answerView(context, reference) },
  U: { may: isForum, view: (context, [reference = '']) => ideaFilesView(context, reference) },
  C: { may: isForum, view: (context, args) => settledView('confirm', context, args) },
  Z: { may: isForum, view: (context, args) => settledView('takeBack', context, args) },
  E: { may: isForum, view: (context, [reference = '', has]) => interestView(context, reference, has === '1') },
  r: { may: isForum, view: (context, [which]) => releaseAskView(context, null, which) },
  R: {
    may: isForum,
    view: (context, [mark = '', people, which]) => releaseView(context, { mark, recipients: count(people) }, which),
  },
};

const VERB = 'o:';

/** The panels in which members see and steer what goes on, on every platform the same. */
export function createChatPanels(parts: ChatPanelsParts): ChatPanels {
  async function contextOf({ key, language, update }: PanelReader, member: Member): Promise<PanelContext> {
    const { timeZone: zone, ...process } = await parts.process();
    const phrases = parts.phrasesIn(language);
    const button = signed(parts.secret, key);
    const actor: Actor = {
      member: member.id,
      through: interfaceOf(key),
      ...(update !== undefined && { request: update }),
    };
    return { ...parts, ...process, key, member, actor, language, phrases, zone, now: parts.clock(), button };
  }

  return {
    isFor: async (key) => (await parts.members.byIdentity(key)) !== null,
    async panel(reader, data) {
      const { key, language } = reader;
      const member = await parts.members.byIdentity(key);
      const action = data === null ? VERB : readAction(parts.secret, key, data);
      if (!member || !action?.startsWith(VERB)) return null;
      const [letter = '', ...args] = action.slice(VERB.length).split(':');
      const step = Object.hasOwn(STEPS, letter) ? STEPS[letter] : undefined;
      if (!step?.may(member)) return null;
      const context = await contextOf(reader, member);
      const view = await taken(step, args, context);
      return view && { language, close: context.phrases('panel_close'), ...view };
    },
  };
}

/** What was refused in between, since somebody else was faster, ends in the first view. */
async function taken(step: Step, args: string[], context: PanelContext): Promise<PanelView | null> {
  try {
    return await step.view(context, args);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const view = await overviewView(context);
    return { ...view, blocks: [...noted(context.phrases('changed_meanwhile')), ...view.blocks] };
  }
}

/** What a panel has to be seen or heard, each as a message of the chat. */
export const filesOf = ({ files = [] }: Pick<Panel, 'files'>): OutboundMessage[] =>
  files.map((file) => ({ blocks: [], file }));

/** A panel where there is only the chat to show it in. */
export const panelMessage = ({ title, blocks, choices, about }: Panel): OutboundMessage => ({
  blocks: [heading(title), ...blocks],
  ...(choices.length > 0 && { choices }),
  ...(about !== undefined && { about }),
});
