/** A message in a chat, as the person sees it. */
export interface ChatMessage {
  from: 'bot' | 'user';
  text: string;
  buttons: { label: string; data: string | null; url: string | null }[];
  entities: { type: string; offset: number; length: number }[];
  messageId: number;
  at: number;
  /** The file's name, for documents. */
  file?: string;
  /** The file is shown as a picture. */
  photo?: boolean;
  /** The thread or topic of the chat that it stands in, by the platform's name. */
  thread?: string;
  /** The message that it answers. */
  replyTo?: number;
  /** The buttons that it ever had: whoever has not looked again still sees them. */
  had?: ChatMessage['buttons'];
  /** What it shows, in the platform's words. */
  held?: object;
  /** The platform shows that it says something else than at first. */
  edited?: boolean;
  /** Of the chat's topics, the one that it stands in. */
  topic?: number;
}

interface Waiting {
  predicate: (message: ChatMessage) => boolean;
  resolve: (message: ChatMessage) => void;
}

/** A button that somebody presses, and the message it stands under; forged data has neither. */
export interface Pressed {
  message: ChatMessage | undefined;
  index: number;
  data: string;
}

export type Chat = ReturnType<typeof createChat>;

/** Words stay the same where it is only shown which button was pressed. */
export const saysTheSame = (before: string, now: string): boolean =>
  now === before || (now.startsWith(`${before}\n\n`) && /^(\n\n✓ .*)+$/.test(now.slice(before.length)));

const seenIn = ({ had, buttons }: ChatMessage): ChatMessage['buttons'] => had ?? buttons;

/** One person's chat with the bot, both sides of it. */
export function createChat(clock: () => number) {
  const messages: ChatMessage[] = [];
  const removed: ChatMessage[] = [];
  const { tell, awaited } = createWaiting();

  return {
    messages,
    /** What has vanished from the chat, for whoever wants to know what it was. */
    removed,
    /** What the person says. */
    speak(text: string, messageId: number): void {
      messages.push({ from: 'user', text, buttons: [], entities: [], messageId, at: clock() });
    },
    /** Takes in what the bot says. */
    receive(message: ChatMessage): void {
      messages.push(message);
      tell(message);
    },
    /** The bot says something else in the place of a message. */
    change(message: ChatMessage, content: Partial<ChatMessage>): void {
      const had = [...(message.had ?? message.buttons), ...(content.buttons ?? [])];
      const { text } = message;
      Object.assign(message, content, { edited: true, had });
      if (!saysTheSame(text, message.text)) tell(message);
    },
    /** The message vanishes. */
    remove(message: ChatMessage): void {
      messages.splice(messages.indexOf(message), 1);
      removed.push(message);
    },
    /** The first message of the bot after `from` (a count of messages) for which the predicate holds. */
    waitFor(predicate: (message: ChatMessage) => boolean, from = 0): Promise<ChatMessage> {
      const there = messages.slice(from).find((message) => message.from === 'bot' && predicate(message));
      return there ? Promise.resolve(there) : awaited(predicate);
    },
    /**
     * A button of the latest message that has any or had, or of this one: by its label, its place, or any data, forged or
     * not. One that has been taken away is pressed by whoever does not see that yet.
     */
    pressed: (which: string | number, under?: ChatMessage): Pressed =>
      pressedIn(under ?? messages.findLast((each) => seenIn(each).some((button) => button.data !== null)), which),
  };
}

function pressedIn(message: ChatMessage | undefined, which: string | number): Pressed {
  const there = message?.buttons.findIndex((button, at) => button.label === which || at === which) ?? -1;
  const seen = there < 0 ? message?.had : message?.buttons;
  const index = there < 0 ? (seen?.findIndex((button) => button.label === which) ?? -1) : there;
  return { message, index, data: seen?.[index]?.data ?? String(which) };
}

/** Whoever waits for a message, until it comes. */
function createWaiting() {
  let waiting: Waiting[] = [];
  return {
    tell(message: ChatMessage): void {
      const met = waiting.filter((wait) => wait.predicate(message));
      waiting = waiting.filter((wait) => !met.includes(wait));
      for (const wait of met) wait.resolve(message);
    },
    awaited: (predicate: Waiting['predicate']) =>
      new Promise<ChatMessage>((resolve) => void waiting.push({ predicate, resolve })),
  };
}
