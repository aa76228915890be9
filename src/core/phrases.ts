/** A sentence of the response frame in the reader's language, by its key. */
export interface Phrases {
  (key: string, values?: Record<string, string | number>): string;
  readonly reader?: PhraseReader;
}

/** The languages of somebody who reads a response. */
export interface PhraseReader {
  /** Their own. */
  own: string;
  /** That of the sentences around it, which is not their own where we do not speak that. */
  frame: string;
}
