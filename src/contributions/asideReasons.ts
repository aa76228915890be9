/** Why something is no contribution, where the process does not publish reasons of its own. */
export const ASIDE_REASONS = ['robot', 'advertising', 'threat', 'personal_data', 'empty'] as const;
