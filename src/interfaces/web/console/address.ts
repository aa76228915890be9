import { CONSOLE_PATH } from '../../../people/console.ts';

/** The address of a page of the console. */
export const at = (path: string): string => `${CONSOLE_PATH}${path}`;
