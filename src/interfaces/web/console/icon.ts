import { at } from './address.ts';

export const ICON_PATH = at('/icon.svg');

/** A word, and the one that comes back. */
export const ICON =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1f4f82"/>' +
  '<path d="M7 9h12a4 4 0 0 1 4 4v2M7 9l4-4M7 9l4 4M25 23H13a4 4 0 0 1-4-4v-2M25 23l-4-4M25 23l-4 4" fill="none" ' +
  'stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/></svg>';
