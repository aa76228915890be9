import type { ChatMessage } from './chat.ts';

/** What every sandbox's user can do, whatever the platform. */
export interface Chatter {
  chat: ChatMessage[];
  command(text: string): Promise<void>;
  say(text: string): Promise<void>;
  press(which: string | number): Promise<void>;
  waitFor(predicate: (message: ChatMessage) => boolean, from?: number): Promise<ChatMessage>;
  /** Chats do not show what was pressed; whoever prints one wants to know. `after`: how many messages came before. */
  presses?: { after: number; label: string }[];
}

export interface SimulatedPerson extends Chatter {
  channel: string;
  language: string;
}

/** Does something and gives the bot's next message with buttons, or its next without when none has any. */
async function next(
  person: Chatter,
  act: () => Promise<void>,
  until: (message: ChatMessage) => boolean,
): Promise<ChatMessage> {
  const from = person.chat.length;
  await act();
  return person.waitFor(until, from);
}

const asks = (message: ChatMessage) => message.buttons.length > 0;
/** What can be added to a contribution stands below its receipt. */
const ADDS = 'a.add:';
const isReceipt = (message: ChatMessage) =>
  /HB-[A-Z0-9]{7}/.test(message.text) && message.buttons.every(({ data }) => data?.startsWith(ADDS));

/** Presses a button of this message, by its data or its place. */
async function press(person: Chatter, message: ChatMessage, which: string | number): Promise<void> {
  const button = message.buttons.find(({ data }, index) => index === which || data === which);
  if (button) person.presses?.push({ after: person.chat.length, label: button.label });
  await person.press(button?.data ?? which);
}

/** Says hello, from where they heard of it, and agrees to take part. */
export async function join(person: Chatter, source: string | null = null): Promise<void> {
  const question = await next(person, () => person.command(source === null ? '/start' : `/start ${source}`), asks);
  await next(person, () => press(person, question, 0), asks);
}

/** Gives an idea as a busy person does: the idea itself, and perhaps its theme. Resolves with the receipt. */
export async function giveIdea(person: Chatter, words: string, theme: string | null = null): Promise<ChatMessage> {
  await next(
    person,
    () => person.command('/idea'),
    () => true,
  );
  const receipt = await next(person, () => person.say(words), isReceipt);
  const offered = receipt.buttons.find(({ data }) => data?.includes(':theme'));
  if (theme === null || !offered) return receipt;
  const themes = await next(person, () => press(person, receipt, offered.data ?? ''), asks);
  const wanted = themes.buttons.find(({ label }) => label === theme);
  if (wanted)
    await next(
      person,
      () => press(person, themes, wanted.data ?? ''),
      () => true,
    );
  return receipt;
}

/** Answers the focus question under its notice. */
export async function answerQuestion(person: Chatter, notice: ChatMessage, words: string): Promise<ChatMessage> {
  await next(
    person,
    () => press(person, notice, 0),
    () => true,
  );
  return next(person, () => person.say(words), isReceipt);
}

/** Answers an invitation; its three buttons stand in this order. Resolves with what the bot says to it. */
export async function answerEvent(
  person: Chatter,
  invitation: ChatMessage,
  answer: 'yes' | 'maybe' | 'no',
): Promise<ChatMessage> {
  return next(person, () => press(person, invitation, ['yes', 'maybe', 'no'].indexOf(answer)), asks);
}
