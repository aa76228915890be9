import { SendError, type SendErrorCode } from '../core/channel.ts';

/** What the HTTP status says with which a platform, or what stands before it, does not give a file. */
export const fileRefusal = (status: number): SendError => new SendError(codeOf(status), `the file answered ${status}`);

function codeOf(status: number): SendErrorCode {
  if (status === 401) return 'unauthorized';
  if (status === 429) return 'slow_down';
  // What the platforms do not give they call 404, or gone; 403 and 407 come from proxies and firewalls before them.
  return status >= 500 || [403, 407, 408].includes(status) ? 'unavailable' : 'rejected';
}
