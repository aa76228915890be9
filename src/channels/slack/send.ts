import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import { SendError } from '../../core/channel.ts';
import type { MessageRef, OutboundFile, OutboundMessage } from '../../core/message.ts';
import { readUrl } from '../../core/readUrl.ts';
import { fileRefusal } from '../fileRefusal.ts';
import { CALL_MS } from './client.ts';
import { sendError } from './errors.ts';
import { MOST_DOWNLOAD_BYTES } from './limits.ts';
import { showPanel } from './panels.ts';
import { render, type SlackPart, type Slashed } from './render.ts';

/** What has to be uploaded: everything that Slack does not fetch by itself. */
type Upload = OutboundFile & ({ bytes: Uint8Array } | { text: string });

export const isUpload = (file: OutboundFile | undefined): file is Upload => file !== undefined && !('url' in file);

/** The parts of a message one after the other, a file last. @throws SendError that counts the parts which had arrived */
export async function sendMessage(
  client: WebClient,
  address: string,
  message: OutboundMessage,
  slashed: Slashed,
  fromPart: number,
): Promise<MessageRef[]> {
  const { file, replyTo, thread = replyTo, panel } = message;
  if (panel) {
    await showPanel(client, { ...message, panel }, slashed);
    return [];
  }
  const all = [...render(message, slashed), ...(isUpload(file) ? [file] : [])];
  if (all.length === 0) throw new SendError('rejected', 'there is nothing in it that can be seen');
  const refs: MessageRef[] = [];
  for (const [index, each] of all.entries()) {
    if (index < fromPart) continue;
    const sending = inThread(thread, (where) =>
      'name' in each ? upload(client, address, each, where) : post(client, address, each, where),
    );
    const id = await sending.catch((error: unknown) => {
      throw sendError(error, index);
    });
    refs.push({ chat: address, id });
  }
  return refs;
}

/** docs.slack.dev/reference/methods/chat.postMessage: the thread takes no answer, or is there no more; the chat is. */
const NO_THREAD = new Set([
  'thread_not_found',
  'message_not_found',
  'invalid_thread_ts',
  'cannot_reply_to_message',
  'restricted_action_thread_locked',
  'restricted_action_non_threadable_channel',
]);

/** In the thread, or outside it where that can take nothing. */
async function inThread(thread: string | undefined, send: (thread?: string) => Promise<string>): Promise<string> {
  if (thread === undefined) return send();
  return send(thread).catch((error: unknown) => {
    if (error instanceof WebAPIPlatformError && NO_THREAD.has(error.data.error)) return send();
    throw error;
  });
}

async function post(client: WebClient, channel: string, part: SlackPart, thread?: string): Promise<string> {
  const where = { channel, ...(thread !== undefined && { thread_ts: thread }) };
  const { ts = '' } = await client.chat.postMessage({ ...where, ...part, unfurl_links: false, unfurl_media: false });
  return ts;
}

/**
 * Its name is what is read aloud for it. Files with a description for screen readers (`alt_txt` in Slack's documentation,
 * `alt_text` in its library) are taken, and then appear in no chat: github.com/slackapi/python-slack-sdk/issues/1818, 1575.
 */
async function upload(client: WebClient, channel_id: string, given: Upload, thread?: string): Promise<string> {
  const file = Buffer.from('text' in given ? given.text : given.bytes);
  const named = { channel_id, file, filename: given.name };
  const { files } = await client.filesUploadV2(thread === undefined ? named : { ...named, thread_ts: thread });
  return files[0]?.files?.[0]?.id ?? '';
}

/** The bytes of a file that Slack keeps. @throws SendError */
export async function download(
  ref: string,
  { botToken, apiUrl }: { botToken: string; apiUrl: string },
): Promise<Uint8Array> {
  if (!isSlackFile(ref, apiUrl)) throw new SendError('rejected', 'the file is not kept by Slack');
  try {
    const headers = { authorization: `Bearer ${botToken}` };
    const answer = await fetch(ref, { headers, signal: AbortSignal.timeout(CALL_MS) });
    if (!answer.ok) throw fileRefusal(answer.status);
    // Without the scope files:read Slack answers with its page to sign in.
    if (answer.redirected && answer.headers.get('content-type')?.startsWith('text/html'))
      throw new SendError('unauthorized', 'Slack asks to sign in for the file');
    if (Number(answer.headers.get('content-length') ?? 0) > MOST_DOWNLOAD_BYTES) throw tooLarge();
    return await bytesOf(answer);
  } catch (error) {
    throw sendError(error, 0);
  }
}

const tooLarge = () => new SendError('rejected', 'the file is larger than 20 MB');

/** Its length may not have been said, or not truly. */
async function bytesOf({ body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > MOST_DOWNLOAD_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The bot's token goes only where Slack keeps files. */
function isSlackFile(ref: string, apiUrl: string): boolean {
  const read = readUrl(ref);
  if (read === null) return false;
  const { protocol, hostname, origin } = read;
  return (protocol === 'https:' && /(^|\.)slack\.com$/.test(hostname)) || origin === new URL(apiUrl).origin;
}
