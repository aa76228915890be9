/** What the person typed: Slack wraps links and escapes three characters. */
export function literal(text: string): string {
  const unmarked = text.replace(/<([^<>|]*)(?:\|([^<>]*))?>/g, (_, target: string, label?: string) =>
    words(target, label),
  );
  return clean(
    unmarked.replace(/&(lt|gt|amp);/g, (_, name: 'lt' | 'gt' | 'amp') => ({ lt: '<', gt: '>', amp: '&' })[name]),
  );
}

function words(target: string, label: string | undefined): string {
  if (/^[@#]/.test(target)) return label ? `${target[0]}${label}` : target;
  if (target.startsWith('!')) return label || `@${target.slice(1)}`;
  const address = target.replace(/^mailto:/, '');
  if (!label || address.includes(label)) return label || address;
  return `${label} (${address})`;
}

/** Postgres takes no NUL, and half a surrogate pair is no character. */
export const clean = (text: string): string => text.replaceAll('\0', '').toWellFormed();
