/**
 * All but what is blank on every screen, though Unicode counts some of that as letters. What it does not know yet is seen:
 * each year brings new letters and pictures.
 */
const SEEN = /[^\s\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\u2800]/u;

/** Whether there is nothing in a text that anybody could see: blanks, and characters without a shape. */
export const isUnseen = (text: string): boolean => !SEEN.test(text);
