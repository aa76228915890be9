/** The address that a text is; null where it is none. On Node 20 `URL.canParse`, once it is hot, denies every address with ü or ñ. */
export function readUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
