/**
 * Blank on every screen, though Unicode counts some of them as letters. What it does not know yet is seen: each year brings
 * new letters and pictures.
 */
const UNSEEN = /[\s\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\u2800]/gu;

/** Whether there is nothing in a text that anybody could see: blanks, and characters without a shape. */
export const isUnseen = (text: string): boolean => text.replace(UNSEEN, '') === '';
