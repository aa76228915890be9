import { readUrl } from './readUrl.ts';

const WRITTEN = /^https?:\/\/([^/?#]*)/i;
/** What a host can be made of besides letters and digits of any script. */
const STRANGE = /[^\p{L}\p{M}\p{N}.\-_!$,~*'();&+=%]/u;

const NO_ADDRESS = 'must be an address that begins with https://';

/**
 * Why a link would not arrive, and the remedy; null when it will. Telegram refuses a message for one link to a host without
 * a dot (td, `LinkManager::check_link`), whether a button leads there or a file is to be fetched from there.
 */
export function linkObjection(address: string): string | null {
  const [, authority = ''] = WRITTEN.exec(address) ?? [];
  if (readUrl(address) === null || authority === '') return NO_ADDRESS;
  const [, host = '', port = ''] = /^(?:.*@)?(\[.*\]|[^:]*)(?::(\d*))?$/.exec(authority) ?? [];
  if (host.startsWith('[')) return null;
  if (!host.includes('.') || host === '.')
    return `leads to "${host}", a name without a dot, and Telegram refuses every message with such a link. Write an address that the whole internet knows, such as https://city.example/plan`;
  if (STRANGE.test(host) || /^0+$/.test(port)) return NO_ADDRESS;
  return null;
}
