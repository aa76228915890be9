import { readAction } from '../../domain/action.ts';
import { type Actor, interfaceOf } from '../../domain/actor.ts';
import { Mistake } from '../../domain/errors.ts';
import { isForum, isOrganizer, type Member, mayApprove } from '../../domain/member.ts';
import type { OutboundMessage } from '../../domain/message.ts';
import type { Panel } from '../../domain/places.ts';
import { calendarView } from './calendar.ts';
import { approveAskView, approveView, changeAskView, changeOf, changeView } from './change.ts';
import { type Desk, heading, noted, type OrganizeParts, type View } from './desk.ts';
import { forumView, releaseAskView, releaseView } from './forum.ts';
import { listView, noticeView, waitingView } from './notice.ts';
import { leaveAskView, leaveView, overviewView } from './overview.ts';
import { previewView } from './preview.ts';
import { confirmView, scheduleView, whenView } from './schedule.ts';
import { signed } from './words.ts';

/** Who looks at a panel, or has pressed one of its buttons. */
export interface PanelReader {
  key: string;
  language: string;
  /** The update with which they pressed it: what it asks for is done once. Left out: they only look. */
  update?: string;
}

export interface Organize {
  /**
   * Does what the button says (null: the first view) and gives the view that follows. Null for whoever is no member, for a
   * button that is not theirs, and for what their roles do not allow now: to them it is as if there were no such thing.
   */
  panel(reader: PanelReader, data: string | null): Promise<Panel | null>;
}

/** What the buttons stand for, by their first letter: who may, asked at every press, and the view that follows. */
interface Step {
  may: (member: Member) => boolean;
  view: (desk: Desk, args: string[]) => View | Promise<View> | null;
}

const anyMember = () => true;
const count = (digits = ''): number => Number(/^\d{1,9}$/.exec(digits)?.[0] ?? 0);
const changing =
  (view: typeof changeView): Step['view'] =>
  (desk, [letter = '', id = '']) => {
    const change = changeOf(letter);
    return change && view(desk, change, id);
  };

const STEPS: Record<string, Step> = {
  '': { may: anyMember, view: overviewView },
  x: { may: anyMember, view: leaveAskView },
  X: { may: anyMember, view: leaveView },
  l: { may: mayApprove, view: (desk, [from]) => listView(desk, count(from)) },
  w: { may: mayApprove, view: waitingView },
  k: { may: mayApprove, view: (desk, [from]) => calendarView(desk, count(from)) },
  n: { may: mayApprove, view: (desk, [id = '']) => noticeView(desk, id) },
  t: { may: mayApprove, view: (desk, [id = '', language]) => noticeView(desk, id, { language }) },
  a: { may: mayApprove, view: (desk, [id = '']) => approveAskView(desk, id) },
  A: { may: mayApprove, view: (desk, [id = '', people, mark]) => approveView(desk, id, count(people), mark) },
  s: { may: isOrganizer, view: (desk, [id = '']) => whenView(desk, id) },
  c: { may: isOrganizer, view: (desk, [id = '', when = '']) => confirmView(desk, id, when) },
  S: { may: isOrganizer, view: (desk, [id = '', when = '', people]) => scheduleView(desk, id, when, count(people)) },
  q: { may: mayApprove, view: changing(changeAskView) },
  Q: { may: mayApprove, view: changing(changeView) },
  // What waits for release is the forum's alone; a release that waits for approval is read by whoever may approve it.
  v: {
    may: mayApprove,
    view: (desk, [reader, notice]) =>
      notice === undefined && !isForum(desk.member) ? null : previewView(desk, count(reader), notice ?? null),
  },
  f: { may: isForum, view: (desk) => forumView(desk) },
  r: { may: isForum, view: (desk) => releaseAskView(desk) },
  R: {
    may: isForum,
    view: (desk, [responses, people]) => releaseView(desk, { responses: count(responses), recipients: count(people) }),
  },
};

const VERB = 'o:';

/** The panels in which members see and steer what goes on, on every platform the same. */
export function createOrganize(parts: OrganizeParts): Organize {
  async function deskOf({ key, language, update }: PanelReader, member: Member): Promise<Desk> {
    const { timeZone: zone, languages } = await parts.process();
    const phrases = parts.phrasesIn(language);
    const button = signed(parts.secret, key);
    const actor: Actor = {
      member: member.id,
      through: interfaceOf(key),
      ...(update !== undefined && { request: update }),
    };
    return { ...parts, key, member, actor, language, phrases, languages, zone, now: parts.clock(), button };
  }

  return {
    async panel(reader, data) {
      const { key, language } = reader;
      const member = await parts.members.byIdentity(key);
      const action = data === null ? VERB : readAction(parts.secret, key, data);
      if (!member || !action?.startsWith(VERB)) return null;
      const [letter = '', ...args] = action.slice(VERB.length).split(':');
      const step = Object.hasOwn(STEPS, letter) ? STEPS[letter] : undefined;
      if (!step?.may(member)) return null;
      const desk = await deskOf(reader, member);
      const view = await taken(step, args, desk);
      return view && { language, close: desk.phrases('panel_close'), ...view };
    },
  };
}

/** What was refused in between, since somebody else was faster, ends in the first view. */
async function taken(step: Step, args: string[], desk: Desk): Promise<View | null> {
  try {
    return await step.view(desk, args);
  } catch (error) {
    if (!(error instanceof Mistake)) throw error;
    const view = await overviewView(desk);
    return { ...view, blocks: [...noted(desk.phrases('changed_meanwhile')), ...view.blocks] };
  }
}

/** A panel where there is only the chat to show it in. */
export const panelMessage = ({ title, blocks, choices }: Panel): OutboundMessage => ({
  blocks: [heading(title), ...blocks],
  ...(choices.length > 0 && { choices }),
});
