import { isOfThisMachine } from '../../../core/envKeys.ts';

/** Changes nothing, whatever it is asked with. */
export const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD';

/**
 * Whether a page of ours asks for it, as the browser says. It names the page's origin with everything that may change
 * something; where it does not, it says at least whether that is the same. What says neither is no browser that we know.
 */
export function isFromOurPage(header: (name: string) => string | undefined, publicUrl: string): boolean {
  const origin = header('origin');
  if (origin === undefined) return header('sec-fetch-site') === 'same-origin';
  return ours(publicUrl).includes(origin);
}

/** On the machine itself a browser may call it by either name. */
function ours(publicUrl: string): string[] {
  const { origin, protocol, port } = new URL(publicUrl);
  if (!isOfThisMachine(publicUrl)) return [origin];
  const beside = ['localhost', '127.0.0.1', '[::1]'].map((host) => `${protocol}//${host}${port && `:${port}`}`);
  return [origin, ...beside];
}
