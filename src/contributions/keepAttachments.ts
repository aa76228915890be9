import { type Channel, SendError } from '../core/channel.ts';
import type { ChannelName } from '../core/channelName.ts';
import type { Log } from '../core/log.ts';
import type { AttachmentStore, WantedAttachment } from './attachmentStore.ts';
import { isFinalForFile } from './files.ts';

export interface KeepAttachmentsParts {
  attachments: Pick<AttachmentStore, 'take' | 'keep' | 'refuse'>;
  channels: ReadonlyMap<ChannelName, Pick<Channel, 'download'>>;
  log: Log;
}

/** Few at once, since each is held whole in memory. */
const AT_ONCE = 4;
/** With the pauses between them about three days: what a platform has not given by then it will not give. */
const MOST_ATTEMPTS = 20;

/**
 * Fetches what people have sent while the platform still has it, and keeps it in the database. Gives a function that
 * works until nothing is due; called while it works, it works on.
 */
export function createAttachmentKeeper({ attachments, channels, log }: KeepAttachmentsParts): () => Promise<void> {
  let working: Promise<void> | null = null;
  let again = false;

  async function work(): Promise<void> {
    do {
      again = false;
      const wanted = await attachments.take([...channels.keys()], AT_ONCE);
      await Promise.all(wanted.map(fetchOne));
      again ||= wanted.length > 0;
    } while (again);
  }

  async function fetchOne({ id, channel, ref, attempts }: WantedAttachment): Promise<void> {
    const found = await channels.get(channel)?.download(ref).catch(refusal);
    if (!found) return;
    if (found instanceof Uint8Array) return attachments.keep(id, found);
    if (!isFinalForFile(found) && attempts < MOST_ATTEMPTS)
      return log.debug('A file was not given yet', { attachment: id, code: found.code });
    log.warn('A file that somebody sent could not be fetched', { attachment: id, code: found.code });
    await attachments.refuse(id, found.detail);
  }

  return () => {
    again = true;
    working ??= work().finally(() => {
      working = null;
    });
    return working;
  };
}

/** A fault of ours is thrown: the file stays wanted. */
function refusal(error: unknown): SendError {
  if (error instanceof SendError) return error;
  throw error;
}
