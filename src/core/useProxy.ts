import type { ProxySettings } from './proxy.ts';

/** From now on `fetch` goes through the proxy, in this whole process; without one nothing is changed, or loaded. */
export async function useProxy(proxy: ProxySettings | null): Promise<void> {
  if (!proxy) return;
  const { EnvHttpProxyAgent, setGlobalDispatcher } = await import('undici');
  // Empty, not left out: it would look into the environment by itself.
  setGlobalDispatcher(new EnvHttpProxyAgent({ httpProxy: '', httpsProxy: proxy.url, noProxy: proxy.except }));
}
