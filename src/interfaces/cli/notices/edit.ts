import { commandLine } from '../../../core/commandLine.ts';
import { UserError } from '../../../core/errors.ts';
import { isResponses, RESPONSES_STAY } from '../../../notices/editRules.ts';
import type { EditStatus } from '../../../notices/edits.ts';
import { atTerminal } from '../../../people/actor.ts';
import { agreeByCount } from '../ask.ts';
import { counted } from '../words.ts';
import { draftIn } from './create.ts';
import { revisionLine } from './status.ts';
import type { Doing, NoticesContext } from './wiring.ts';

type Options = Doing & { yes?: boolean };

export async function edit(
  context: NoticesContext,
  id: string,
  file: string,
  { as, yes, json }: Options,
): Promise<void> {
  const actor = atTerminal(as);
  const { draft, attachment } = await draftIn(context, file, null);
  if (!yes) await agree(context, id, 'It changes', 'change', json);
  const { begun, approval, proposed } = await context.actions.notices.edit(actor, id, draft, attachment);
  const revision = await context.revision(id);
  if (json) return context.print(JSON.stringify({ id, begun, approval, proposed, revision }));
  if (proposed) return context.print(`${PROPOSED}\n  ${commandLine(`notices edit ${id} ${file} --as MEMBER`)}`);
  const again = `It has to be approved again, as its words are others now: ${commandLine(`notices approve ${id} --as MEMBER`)}`;
  if (!begun) return context.print(`The notice has its new words.${approval === 'needed' ? `\n${again}` : ''}`);
  context.print(onItsWay(id, 'The messages are being changed.', revision));
}

const PROPOSED =
  'Nothing has changed yet: a second member had to approve this notice, and has to ask for the same correction:';

export async function recall(context: NoticesContext, id: string, { as, yes, json }: Options): Promise<void> {
  const actor = atTerminal(as);
  if (isResponses(await context.records.find(id))) throw new UserError(RESPONSES_STAY);
  await context.actions.expectNotice(actor, 'notices.recall', id);
  if (!yes) await agree(context, id, 'It takes back', 'take back', json);
  const { begun } = await context.actions.notices.recall(actor, id);
  const revision = await context.revision(id);
  if (json) return context.print(JSON.stringify({ id, begun, revision }));
  if (!begun) return context.print('Nothing of it had gone; it is cancelled.');
  context.print(onItsWay(id, 'What can be taken back is being taken back; nothing more of it is sent.', revision));
}

const onItsWay = (id: string, what: string, revision: EditStatus | null): string =>
  [
    what,
    ...(revision ? [revisionLine(revision)] : []),
    `How far it is, and what could not be done: ${commandLine(`notices status ${id}`)}`,
  ].join('\n');

/** What has arrived is counted; as long as nothing has, there is nothing to be sure of. */
async function agree(
  { records, terminal }: NoticesContext,
  id: string,
  does: string,
  verb: string,
  aside = false,
): Promise<void> {
  const { sent } = await records.status(id);
  if (sent === 0) return;
  const question = `${does} ${counted(sent, 'message')} that arrived. Type the number to ${verb}:`;
  await agreeByCount(sent, question, terminal, aside);
}
