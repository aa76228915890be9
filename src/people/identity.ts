/**
 * `asked`: about words that somebody else suggested; until they say anything to us, nothing but that question reaches them.
 * `pending`: a group for which no organizer has said yet whether announcements go there.
 */
export const IDENTITY_STATUSES = ['active', 'asked', 'pending', 'stopped', 'unreachable', 'erased'] as const;

export type IdentityStatus = (typeof IDENTITY_STATUSES)[number];
