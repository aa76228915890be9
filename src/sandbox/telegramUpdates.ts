import { pause } from './http.ts';

export interface SandboxUpdate {
  update_id: number;
  [key: string]: unknown;
}

/** Where updates are pushed to. */
export interface Webhooks {
  urls: string[];
  /** How often each update is posted, at once, to each address. */
  copies: number;
  /** Posts that the bot did not take. */
  refused: number;
  secret: string;
}

interface Webhook {
  url: string;
  secret: string;
}

const AGAIN_MS = 100;
/** The longest getUpdates waits here: a stand-in need not hold connections as long as the real one. */
const LONGEST_POLL_MS = 2000;

/** Updates on their way to the bot: pushed until they are taken, or kept until they are confirmed. */
export function createUpdates(webhooks: Webhooks) {
  const polls = createPolls();
  let next = 1;
  let registered: Webhook | null = null;
  let closed = false;
  const isOpen = () => !closed;
  const refused = () => void (webhooks.refused += 1);

  /** Resolves when every address has taken it, or at once when the bot comes for it. */
  async function offer(content: Record<string, unknown>): Promise<void> {
    const update: SandboxUpdate = { update_id: next++, ...content };
    if (webhooks.urls.length === 0) return registered ? offerTo(registered, update) : polls.keep(update);
    const { urls, copies, secret } = webhooks;
    await Promise.all(
      urls.flatMap((url) =>
        Array.from({ length: copies }, () => post({ url, secret }, update, { stands: isOpen, refused })),
      ),
    );
  }

  async function offerTo(webhook: Webhook, update: SandboxUpdate): Promise<void> {
    if (!(await post(webhook, update, { stands: () => isOpen() && registered === webhook, refused })))
      polls.keep(update);
  }

  return {
    offer,
    /** Null when another poll takes its place, or a webhook is set: the platform's 409. */
    get: async (offset: number, limit: number, seconds: number): Promise<SandboxUpdate[] | null> =>
      registered ? null : polls.get(offset, limit, seconds),
    register(webhook: Webhook | null) {
      registered = webhook;
      if (webhook) polls.end('conflict');
    },
    close() {
      closed = true;
      polls.end('news');
    },
  };
}

/** Updates that the bot asks for, kept until it confirms them: one poll at a time. */
function createPolls() {
  let kept: SandboxUpdate[] = [];
  let poller: ((why: 'news' | 'conflict') => void) | null = null;

  return {
    keep(update: SandboxUpdate): void {
      kept.push(update);
      poller?.('news');
    },
    /** The poll that waits, if any, is answered. */
    end: (why: 'news' | 'conflict') => poller?.(why),
    /** Null when another poll takes its place. */
    async get(offset: number, limit: number, seconds: number): Promise<SandboxUpdate[] | null> {
      poller?.('conflict');
      kept = kept.filter((update) => update.update_id >= offset);
      if (kept.length > 0 || seconds <= 0) return kept.slice(0, limit);
      const why = await new Promise<string>((resolve) => {
        poller = once(Math.min(seconds * 1000, LONGEST_POLL_MS), (reason) => {
          poller = null;
          resolve(reason);
        });
      });
      return why === 'conflict' ? null : kept.slice(0, limit);
    },
  };
}

/** Posts it until it is taken. False when it was given up, since it stands no more. */
async function post(
  { url, secret }: Webhook,
  update: SandboxUpdate,
  { stands, refused }: { stands: () => boolean; refused: () => void },
): Promise<boolean> {
  const headers = { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret };
  const body = JSON.stringify(update);
  while (stands()) {
    const answer = await fetch(url, { method: 'POST', headers, body }).catch(() => null);
    await answer?.arrayBuffer().catch(() => null);
    if (answer?.ok) return true;
    refused();
    await pause(AGAIN_MS);
  }
  return false;
}

/** Called with `silence` after a time, unless it is called before; once either way. */
function once(ms: number, call: (why: string) => void): (why: string) => void {
  const done = (why: string): void => {
    clearTimeout(timer);
    call(why);
  };
  const timer = setTimeout(done, ms, 'silence');
  return done;
}
