import type { MemberHeard, MemberReader, Speaking } from '../../conversation/memberPanels.ts';
import { readAction, signAction } from '../../core/signedButtons.ts';
import type { Member } from '../../people/member.ts';
import { mayAnswer, THREAD_KINDS } from '../../responses/thread.ts';
import { text } from './context.ts';
import type { MemberChatParts } from './memberParts.ts';
import { rolesIn } from './overview.ts';

/** What a member's words come to that answer nothing. */
export async function heardFrom(
  reader: MemberReader,
  { holdsBack, isBrief }: Speaking,
  parts: MemberChatParts,
): Promise<MemberHeard | null> {
  const member = await parts.members.byIdentity(reader.key);
  if (!member) return null;
  const notice = holdsBack ? await noticeOf(member, reader, parts) : null;
  if (notice) return notice;
  const phrases = parts.phrasesIn(reader.language);
  const you = phrases('desk_you', { name: member.name, roles: rolesIn(member, phrases, reader.language) });
  if (isBrief || holdsBack) return desk(you, reader, parts);
  const reference = await waitingFor(member, parts);
  return { flow: 'member', answers: { you, ...(reference !== null && { reference }) } };
}

/** Where a member goes on: by the buttons of the first view, or as anybody does. */
async function desk(you: string, reader: MemberReader, { organize, phrasesIn, secret }: MemberChatParts) {
  const { key, language } = reader;
  const phrases = phrasesIn(language);
  const panel = await organize.panel({ key, language }, null);
  const ways = (panel?.choices ?? []).filter(({ data }) => readAction(secret, key, data) !== LEAVES);
  const own = { label: phrases('member_own_idea'), data: signAction(secret, key, 'flow:idea') };
  return { messages: [{ blocks: [text(`${you} ${phrases('member_here')}`)], choices: [...ways, own] }] };
}

const LEAVES = 'o:x';
/** Nobody means one further down. */
const MOST_NOTICES = 20;

/** The newest notice of theirs that is to go out, or going; null: there is none. */
async function noticeOf(member: Member, { key, language }: MemberReader, parts: MemberChatParts) {
  const { overview, organize, phrasesIn, secret } = parts;
  const lines = await overview.newest(0, MOST_NOTICES);
  const found = lines.find(
    ({ scheduledBy, state }) => scheduledBy === member.id && (state === 'scheduled' || state === 'running'),
  );
  const sign = (action: string) => signAction(secret, key, `o:${action}`);
  const panel = found && (await organize.panel({ key, language }, sign(`n:${found.id}`)));
  if (!found || !panel) return null;
  const phrases = phrasesIn(language);
  return {
    messages: [
      {
        blocks: [text(phrases('member_hold_lead')), ...panel.blocks],
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
