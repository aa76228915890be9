import type { ChannelName } from '../../core/channelName.ts';
import type { Attachment } from '../../core/inbound.ts';
import type { OutboundFile } from '../../core/message.ts';
import { noted, type PanelContext, type PanelView } from './context.ts';
import { ideaView } from './decisions.ts';
import { threadView } from './threads.ts';

/** What came with a contribution, in the chat. */
export async function ideaFilesView(context: PanelContext, reference: string): Promise<PanelView | null> {
  const idea = await context.contributions.byReference(reference);
  const view = await ideaView(context, reference);
  return idea && view && withFiles(view, { ...idea, files: idea.attachments }, context);
}

/** What was sent in a thread, in the chat. */
export async function threadFilesView(context: PanelContext, reference: string): Promise<PanelView | null> {
  const thread = await context.threads.find(reference);
  const view = await threadView(context, reference);
  if (!thread || !view) return null;
  const files = thread.messages.flatMap(({ attachments }) => attachments);
  return withFiles(view, { reference, channel: thread.channel, files }, context);
}

interface Sent {
  reference: string;
  channel: ChannelName;
  files: Attachment[];
}

async function withFiles(
  view: PanelView,
  { reference, channel, files }: Sent,
  { attachments, phrases }: PanelContext,
): Promise<PanelView> {
  const kept = await Promise.all(
    files.map(async (file) => outbound(file, reference, await attachments.find(channel, file.ref))),
  );
  const there = kept.filter((file) => file !== null);
  const missing = kept.length - there.length;
  const note = missing > 0 ? phrases('decide_files_missing', { count: missing }) : null;
  return { ...view, files: there, blocks: [...noted(note), ...view.blocks] };
}

export const MIMES = { photo: 'image/jpeg', voice: 'audio/ogg', document: 'application/octet-stream' };
export const ENDINGS = { photo: '.jpg', voice: '.ogg', document: '' };

function outbound({ name, kind, mime }: Attachment, reference: string, bytes: Uint8Array | null): OutboundFile | null {
  return bytes && { name: name ?? `${reference}${ENDINGS[kind]}`, mime: mime ?? MIMES[kind], bytes };
}
