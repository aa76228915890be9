import type { RevisionStatus } from '../../domain/revision.ts';
import { agreeByCount } from '../ask.ts';
import type { Terminal } from '../process.ts';
import { counted, print } from '../words.ts';
import { draftIn } from './create.ts';
import { revisionLine } from './status.ts';
import { type Doing, doer, type NoticesWiring } from './wiring.ts';

type Options = Doing & { yes?: boolean };

export async function edit(
  wiring: NoticesWiring,
  id: string,
  file: string,
  { as, yes, json }: Options,
  terminal: Terminal,
): Promise<void> {
  const by = await doer(wiring, as);
  const draft = await draftIn(wiring, file);
  if (!yes) await agree(wiring, id, 'It changes', 'change', terminal);
  const { begun, approval } = await wiring.corrector.edit(id, draft, by);
  const revision = await wiring.corrector.status(id);
  if (json) return print(JSON.stringify({ id, begun, approval, revision }));
  const anew = `It has to be approved anew, as its words are others now: hearback notices approve ${id} --as MEMBER`;
  if (!begun) return print(`The notice has its new words.${approval === 'needed' ? `\n${anew}` : ''}`);
  print(onItsWay(id, 'The messages are being changed.', revision));
}

export async function recall(
  wiring: NoticesWiring,
  id: string,
  { as, yes, json }: Options,
  terminal: Terminal,
): Promise<void> {
  const by = await doer(wiring, as);
  if (!yes) await agree(wiring, id, 'It takes back', 'take back', terminal);
  const { begun } = await wiring.corrector.recall(id, by);
  const revision = await wiring.corrector.status(id);
  if (json) return print(JSON.stringify({ id, begun, revision }));
  if (!begun) return print('Nothing of it had gone; it is cancelled.');
  print(onItsWay(id, 'What can be taken back is being taken back; nothing more of it is sent.', revision));
}

const onItsWay = (id: string, what: string, revision: RevisionStatus | null): string =>
  [
    what,
    ...(revision ? [revisionLine(revision)] : []),
    `How far it is, and what could not be done: hearback notices status ${id}`,
  ].join('\n');

/** What has arrived is counted; as long as nothing has, there is nothing to be sure of. */
async function agree(
  { announcer }: NoticesWiring,
  id: string,
  does: string,
  verb: string,
  terminal: Terminal,
): Promise<void> {
  const { sent } = await announcer.status(id);
  if (sent === 0) return;
  const question = `${does} ${counted(sent, 'message').replaceAll(',', '')} that arrived. Type the number to ${verb}:`;
  await agreeByCount(sent, question, terminal);
}
