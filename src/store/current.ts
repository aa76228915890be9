/**
 * The process that a statement is about, as an SQL expression that is computed once: the one with the id that the given expression
 * gives, or the current one where that is null or left out.
 */
export const processOr = (given = 'NULL'): string => `(SELECT coalesce(${given}::int, current_process()))`;
export const CURRENT = '(SELECT current_process())';
