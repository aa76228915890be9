import { UserError } from '../core/errors.ts';

/**
 * What a refusal is about: the actor, their role, the state of the subject, what was agreed to, the second
 * member, or an interest of the actor's own.
 */
export type RefusedFor = 'member' | 'role' | 'state' | 'agreed' | 'second' | 'interest';

/** An action that was refused, with the reason for the audit. */
export class Refused extends UserError {
  constructor(
    readonly reason: RefusedFor,
    message: string,
  ) {
    super(message);
    this.name = 'Refused';
  }
}

/** The same update of a platform has done it already. */
export class DoneBefore extends UserError {
  constructor() {
    super('This was done already.');
    this.name = 'DoneBefore';
  }
}
