import type { Api } from 'grammy';
import type { Message } from 'grammy/types';
import { type Channel, SendError } from '../../core/channel.ts';
import type { MessageRef, OutboundMessage } from '../../core/message.ts';
import { changeError, isGone, isTopicGone, isUnchanged, sendError } from './errors.ts';
import { createFiles } from './files.ts';
import { render, type TelegramPart } from './render.ts';
import { markUsed } from './usedButtons.ts';

const NO_PREVIEW = { is_disabled: true };

/** What goes out and what becomes of it. `uploading`: the same API with the patience that a large file needs. */
export function createSending(
  api: Api,
  uploading: Api,
): Pick<Channel, 'send' | 'edit' | 'remove' | 'markUsed' | 'shows'> {
  const files = createFiles(uploading);

  async function send(address: string, message: OutboundMessage, fromPart = 0): Promise<MessageRef[]> {
    const refs: MessageRef[] = [];
    for (const [index, part] of render(message).entries()) {
      if (index < fromPart) continue;
      if (part.text === '' && !part.file) throw nothingToSee();
      try {
        const sent = await sendPart(address, message.thread, part, index === 0 ? answering(message) : {});
        refs.push({ chat: address, id: String(sent.message_id) });
      } catch (error) {
        throw sendError(error, index);
      }
    }
    return refs;
  }

  /** The person can have done away with the topic since they spoke in it: their chat is still there. */
  async function sendPart(
    chat: string,
    topic: string | undefined,
    part: TelegramPart,
    answer: Answering,
  ): Promise<Message> {
    if (topic === undefined) return call(chat, part, answer);
    try {
      return await call(chat, part, { ...answer, message_thread_id: Number(topic) });
    } catch (error) {
      if (!isTopicGone(error)) throw error;
      return call(chat, part, answer);
    }
  }

  const call = (
    chat: string,
    part: TelegramPart,
    more: Answering & { message_thread_id?: number },
  ): Promise<Message> =>
    part.file
      ? files.send(chat, part.file, { ...(part.text !== '' && captionOf(part)), ...markupOf(part), ...more })
      : api.sendMessage(chat, part.text, { ...textOf(part), ...more });

  return { send, ...createChanging(api) };
}

type Answering = Pick<NonNullable<Parameters<Api['sendMessage']>[2]>, 'reply_parameters'>;

const answering = ({ replyTo }: OutboundMessage): Answering =>
  replyTo === undefined ? {} : { reply_parameters: { message_id: Number(replyTo), allow_sending_without_reply: true } };

/** What becomes of messages that are sent already. */
function createChanging(api: Api): Pick<Channel, 'edit' | 'remove' | 'markUsed' | 'shows'> {
  async function edit(refs: readonly MessageRef[], message: OutboundMessage): Promise<void> {
    const parts = render(message);
    if (parts.length > refs.length) throw tooMany(parts.length, refs.length);
    const { kept, spare } = paired(refs, parts);
    // First what may be refused for its age: then nothing was changed yet.
    await remove(spare);
    for (const { ref, part } of kept) {
      try {
        await editPart(ref, part);
      } catch (error) {
        if (!isUnchanged(error)) throw changeError(error);
      }
    }
  }

  /** Bots may edit what they have said forever; a file stays as it is. */
  const editPart = ({ chat, id }: MessageRef, part: TelegramPart) =>
    part.file
      ? api.editMessageCaption(chat, Number(id), { ...captionOf(part), ...markupOf(part) })
      : api.editMessageText(chat, Number(id), part.text, textOf(part));

  async function remove(refs: readonly MessageRef[]): Promise<void> {
    for (const { chat, id } of refs) {
      try {
        await api.deleteMessage(chat, Number(id));
      } catch (error) {
        if (!isGone(error)) throw changeError(error);
      }
    }
  }

  return {
    edit,
    remove,
    markUsed: (pressed, use) => markUsed(api, pressed, use),
    shows: (message) => render(message).at(-1)?.keyboard,
  };
}

const markupOf = ({ keyboard }: TelegramPart) =>
  keyboard.length > 0 ? { reply_markup: { inline_keyboard: keyboard } } : {};
const textOf = (part: TelegramPart) => ({
  entities: part.entities,
  link_preview_options: NO_PREVIEW,
  ...markupOf(part),
});
const captionOf = ({ text, entities }: TelegramPart) => ({ caption: text, caption_entities: entities });

const nothingToSee = (): SendError => new SendError('rejected', 'there is nothing in it that can be seen');
const tooMany = (needed: number, there: number): SendError =>
  new SendError('rejected', `it would take ${needed} messages now, and was sent as ${there}`);

/** Words go into the first messages; a file was the last one and is so still. What is between is not needed any more. */
function paired(refs: readonly MessageRef[], parts: TelegramPart[]) {
  const filed = parts.at(-1)?.file ? 1 : 0;
  const spare = refs.slice(parts.length - filed, refs.length - filed);
  const staying = refs.filter((ref) => !spare.includes(ref));
  const kept = parts.flatMap((part, index) => {
    const ref = staying[index];
    return ref ? [{ ref, part }] : [];
  });
  return { kept, spare };
}
