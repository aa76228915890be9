/** A command as its reader can paste it, in the folder of Hearback: there `npx` finds it, and the shell alone does not. */
export const commandLine = (words: string): string => `npx hearback ${words}`;
