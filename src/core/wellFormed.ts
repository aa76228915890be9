/** Without what no text has: NUL, which PostgreSQL does not keep, and halves of characters, for which platforms refuse a message. */
export const wellFormed = (text: string): string => text.replaceAll('\0', '').toWellFormed();
