import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { SendError } from '../../core/channel.ts';
import type { MessageRef, OutboundMessage } from '../../core/message.ts';
import { sendError } from './errors.ts';
import { render, type Slashed } from './render.ts';
import { isUpload } from './send.ts';

/** What is gone already does not have to be taken back. */
const GONE = new Set(['message_not_found', 'file_not_found', 'file_deleted']);

/** Messages are named by their time, `1700000000.000100`, files by an id. */
const isFile = ({ id }: MessageRef): boolean => id.startsWith('F');

/**
 * Part by part; what there were too many of is taken back, a file stays as it is for as long as there is one.
 * @throws SendError, before anything is changed where Slack would have to insert something
 */
export async function editMessage(
  client: WebClient,
  refs: readonly MessageRef[],
  message: OutboundMessage,
  slashed: Slashed,
): Promise<void> {
  const parts = render(message, slashed);
  const said = refs.filter((ref) => !isFile(ref));
  const files = refs.filter(isFile);
  if (parts.length > said.length)
    throw new SendError('rejected', `the new words need ${parts.length} messages, and ${said.length} were sent`);
  if (isUpload(message.file) && files.length === 0)
    throw new SendError('rejected', 'a file cannot be added to what was sent without one');
  for (const [index, { chat, id }] of said.slice(0, parts.length).entries()) {
    const update = client.chat.update({ channel: chat, ts: id, text: '', ...parts[index] });
    await update.catch((error: unknown) => {
      throw sendError(error, index);
    });
  }
  await removeMessages(client, [...said.slice(parts.length), ...(isUpload(message.file) ? [] : files)]);
}

/** @throws SendError that counts those which are gone */
export async function removeMessages(client: WebClient, refs: readonly MessageRef[]): Promise<void> {
  for (const [index, ref] of refs.entries()) {
    const removed: Promise<unknown> = isFile(ref)
      ? client.files.delete({ file: ref.id })
      : client.chat.delete({ channel: ref.chat, ts: ref.id });
    await removed.catch((error: unknown) => {
      if (!(error instanceof WebAPIPlatformError && GONE.has(error.data.error))) throw sendError(error, index);
    });
  }
}
