/** A private chat can be divided into topics: what is said in one is answered there. */
interface Place {
  chat: string;
  topic: number | null;
}

const TOPIC = '#';

/** Both in one address, `55` or `55#12`. */
export const addressOf = (chat: number, topic: number | undefined): string =>
  topic === undefined ? String(chat) : `${chat}${TOPIC}${topic}`;

export function placeOf(address: string): Place {
  const [chat = '', topic] = address.split(TOPIC);
  return { chat, topic: topic === undefined ? null : Number(topic) };
}
