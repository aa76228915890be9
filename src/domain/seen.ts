/** Blank on every screen, though Unicode counts some of them as letters. */
const UNSEEN = /[\s\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]|\u2800/gu;

/** Whether there is nothing in a text that anybody could see: blanks, and characters without a shape. */
export const isUnseen = (text: string): boolean => text.replace(UNSEEN, '') === '';
