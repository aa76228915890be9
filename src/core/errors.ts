/** A user's or author's mistake: the message names the place and the remedy and is shown as it is, without a stack. */
export class UserError extends Error {
  constructor(
    message: string,
    readonly all: readonly string[] = [message],
  ) {
    super(message);
    this.name = 'UserError';
  }
}

/** A database was looked for, and there is none yet. */
export class NoDatabase extends UserError {}
