import type { Api } from 'grammy';
import { UserError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Track } from '../underWay.ts';
import { sendError } from './errors.ts';
import { START_PAYLOAD } from './limits.ts';
import { grammySignal, pause } from './polling.ts';
import { NOT_JSON } from './transport.ts';

export interface IdentityParts {
  api: Api;
  token: string;
  /** Where the Bot API is, for what is said when nothing answers there. */
  root: string;
  log: Log;
  track: Track;
}

const ASK_AGAIN_MS = 5_000;

const REFUSED =
  'TELEGRAM_BOT_TOKEN: Telegram does not know this token. Copy it again from @BotFather (/mybots, API Token).';
const UNREACHED = (root: string): string =>
  `TELEGRAM_API_ROOT: no Bot API answers at ${root}. Check the network, or the address if you run your own Bot API server.`;
const BAD_START =
  'The start of a Telegram link takes letters from a to z, digits, _ and -, at least one and at most 64. Give it a shorter or plainer name.';

/** What is known of the bot; null: its name has not been told yet. */
interface Known {
  botId: number;
  username: string | null;
}

/** Who the bot is: its number is in its token, its name only Telegram knows. */
export function createIdentity(parts: IdentityParts) {
  const known: Known = { botId: Number(parts.token.split(':')[0]), username: null };
  let asked: Promise<void> | null = null;

  return {
    botId: (): number => known.botId,
    /**
     * Asks once, and goes on in the background when Telegram does not answer now.
     * @throws UserError when waiting would not help: the token is refused, or nothing there is a Bot API
     */
    identify(signal: AbortSignal): Promise<void> {
      asked ??= ask(known, parts, signal).finally(() => {
        if (known.username === null) asked = null;
      });
      return asked;
    },
    /** It is asked again at the next start. */
    forget(): void {
      asked = null;
    },
    /** Opens the chat and begins with `/start` and these words; null while the name is not known. @throws UserError for words that do not fit */
    link(start: string): string | null {
      if (!START_PAYLOAD.test(start)) throw new UserError(BAD_START);
      return known.username === null ? null : `https://t.me/${known.username}?start=${start}`;
    },
  };
}

async function ask(known: Known, parts: IdentityParts, signal: AbortSignal): Promise<void> {
  const { api, root, log, track } = parts;
  try {
    const me = await api.getMe(grammySignal(signal));
    Object.assign(known, { botId: me.id, username: me.username });
  } catch (error) {
    signal.throwIfAborted();
    const { code, detail } = sendError(error, 0);
    if (detail === NOT_JSON || code === 'not_connected') throw new UserError(UNREACHED(root));
    if (code === 'unauthorized') throw new UserError(REFUSED);
    log.warn('Telegram did not say who the bot is, going on with the number in its token', { code }, error);
    void track(askAgain(known, parts, signal));
  }
}

/** Until the name is known there are no links. */
async function askAgain(known: Known, { api, log }: IdentityParts, signal: AbortSignal): Promise<void> {
  while (known.username === null && !signal.aborted) {
    await pause(ASK_AGAIN_MS, signal);
    if (signal.aborted) return;
    const me = await api
      .getMe(grammySignal(signal))
      .catch((error) => log.debug('Still no name', { code: sendError(error, 0).code }));
    known.username = me?.username ?? null;
  }
}
