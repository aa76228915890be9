/** How the platforms are reached where this machine does not reach them by itself. */
export interface ProxySettings {
  /** May hold a user and a password. */
  url: string;
  /** Hosts that are reached without it, as `NO_PROXY` lists them. */
  except: string;
}

/** The proxy for an address; null where it is reached directly. Only what is encrypted goes through it. */
export function proxyFor(address: string, proxy: ProxySettings | null): string | null {
  const { protocol, hostname, port } = new URL(address);
  if (!proxy || protocol !== 'https:') return null;
  const isExcepted = proxy.except
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => matches(entry, hostname, port || '443'));
  return isExcepted ? null : proxy.url;
}

/** `*`, a host with all below it, with or without a dot or star before it, and a port where one is given. */
function matches(entry: string, hostname: string, port: string): boolean {
  const [, name = '', only] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (entry === '*') return true;
  if (name === '' || (only !== undefined && only !== port)) return false;
  return hostname === name || hostname.endsWith(`.${name}`);
}
