import type { MemberHeard, MemberReader, Speaking } from '../../conversation/memberPanels.ts';
import { readAction, signAction } from '../../core/signedButtons.ts';
import { isForum, isOrganizer, type Member, mayApprove } from '../../people/member.ts';
import { mayAnswer, THREAD_KINDS } from '../../responses/thread.ts';
import { text } from './context.ts';
import type { MemberChatParts } from './memberParts.ts';
import { rolesIn } from './overview.ts';

/** What a member's words come to that answer nothing. */
export async function heardFrom(
  reader: MemberReader,
  { holdsBack, isVerdict, isBrief }: Speaking,
  parts: MemberChatParts,
): Promise<MemberHeard | null> {
  const member = await parts.members.byIdentity(reader.key);
  if (!member) return null;
  const notice = holdsBack ? await noticeOf(member, reader, parts) : null;
  if (notice) return notice;
  // Words that hold something back are a no to nothing else.
  const decides = isVerdict && !holdsBack;
  const undecided = decides ? await undecidedFor(member, reader, parts) : null;
  if (undecided) return undecided;
  const phrases = parts.phrasesIn(reader.language);
  const you = phrases('desk_you', { name: member.name, roles: rolesIn(member, phrases, reader.language) });
  if (isBrief || isVerdict || holdsBack) return desk(you, decides, reader, parts);
  const reference = await waitingFor(member, parts);
  return { flow: 'member', answers: { you, ...(reference !== null && { reference }) } };
}

/** Where a member goes on: by the buttons of the first view, or as anybody does. */
async function desk(
  you: string,
  decides: boolean,
  reader: MemberReader,
  { organize, phrasesIn, secret }: MemberChatParts,
) {
  const { key, language } = reader;
  const phrases = phrasesIn(language);
  const panel = await organize.panel({ key, language }, null);
  const ways = (panel?.choices ?? []).filter(({ data }) => readAction(secret, key, data) !== LEAVES);
  const own = { label: phrases('member_own_idea'), data: signAction(secret, key, 'flow:idea') };
  const lead = decides ? phrases('member_buttons') : `${you} ${phrases('member_here')}`;
  return { messages: [{ blocks: [text(lead)], choices: [...ways, own] }] };
}

/** What waits for a yes or a no of theirs, with its buttons: words alone may be meant for something else. Null: nothing does. */
async function undecidedFor(member: Member, { key, language }: MemberReader, parts: MemberChatParts) {
  const { proposals, overview, organize, phrasesIn, secret } = parts;
  const [proposal] = isForum(member) ? await proposals.waitingFor(member.id) : [];
  const [notice] = proposal === undefined && mayApprove(member) ? await overview.waiting(1) : [];
  const action = proposal === undefined ? notice && `n:${notice.id}` : `u:${proposal}:y`;
  const panel = action && (await organize.panel({ key, language }, signAction(secret, key, `o:${action}`)));
  if (!panel) return null;
  const { blocks, choices } = panel;
  return { messages: [{ blocks: [text(phrasesIn(language)('member_decides')), ...blocks], choices }] };
}

const LEAVES = 'o:x';
/** Nobody means one further down. */
const MOST_NOTICES = 20;

/** The newest notice that is to go out, or going: theirs, or for an organizer another's; null: there is none. */
async function noticeOf(member: Member, { key, language }: MemberReader, parts: MemberChatParts) {
  const { overview, organize, phrasesIn, secret } = parts;
  const lines = await overview.newest(0, MOST_NOTICES);
  const going = lines.filter(({ state }) => state === 'scheduled' || state === 'running');
  const own = going.find(({ scheduledBy }) => scheduledBy === member.id);
  const found = own ?? (isOrganizer(member) ? going[0] : undefined);
  const sign = (action: string) => signAction(secret, key, `o:${action}`);
  const panel = found && (await organize.panel({ key, language }, sign(`n:${found.id}`)));
  if (!found || !panel) return null;
  const phrases = phrasesIn(language);
  return {
    messages: [
      {
        blocks: [text(phrases(own ? 'member_hold_lead' : 'member_hold_other')), ...panel.blocks],
        choices: [
          { label: phrases('member_hold'), data: sign(`Q:p:${found.id}`) },
          { label: phrases('button_notices'), data: sign('l') },
        ],
      },
    ],
  };
}

/** Whoever waits longest for an answer of theirs; null: nobody does. */
async function waitingFor(member: Member, { threads }: MemberChatParts): Promise<string | null> {
  const kinds = THREAD_KINDS.filter((kind) => mayAnswer(member, kind));
  const open = kinds.length > 0 ? await threads.list({ state: 'open', kinds }) : [];
  return open.find(({ assigned }) => assigned === null || assigned === member.id)?.reference ?? null;
}
