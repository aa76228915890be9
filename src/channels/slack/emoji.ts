import { EMOJI_NAMES } from './emojiNames.ts';

const byName = new Map(
  EMOJI_NAMES.trim()
    .split(/,\s*|\n/)
    .flatMap((entry) => {
      const [characters = '', ...names] = entry.split(' ');
      return names.map((name): [string, string] => [name, characters]);
    }),
);

/** The emoji that Slack calls so, in this tone of skin (2 to 6); null for what a workspace has made itself. */
export function emojiOf(name: string, tone?: number): string | null {
  const found = byName.get(name) ?? flagOf(name);
  if (found === null || tone === undefined || tone < 2 || tone > 6) return found;
  const [first = '', ...others] = found;
  return `${first}${String.fromCodePoint(0x1f3f9 + tone)}${others.join('').replace(/^\ufe0f/, '')}`;
}

function flagOf(name: string): string | null {
  const [, letters] = /^flag-([a-z]{2})$/.exec(name) ?? [];
  if (letters === undefined) return null;
  return [...letters].map((letter) => String.fromCodePoint(0x1f1e6 + letter.charCodeAt(0) - 97)).join('');
}

/** From the code points that Slack writes beside a name: `1f44d-1f3fd`; null where there are none. */
export function emojiAt(unicode: string): string | null {
  if (!/^[0-9a-f]{2,6}(-[0-9a-f]{2,6}){0,12}$/i.test(unicode)) return null;
  const points = unicode.split('-').map((each) => Number.parseInt(each, 16));
  return points.every((point) => point <= 0x10ffff) ? String.fromCodePoint(...points).toWellFormed() : null;
}
