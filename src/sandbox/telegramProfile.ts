import type { TelegramPayload } from './telegramPayload.ts';

/** What the platform shows of a bot, by language; '' is for everybody else. */
export interface TelegramProfile {
  about: Map<string, string>;
  short: Map<string, string>;
  menuButton: { type: string };
  /** How often any of it was set. */
  changes: number;
}

export function createProfile(): TelegramProfile & { call(method: string, payload: TelegramPayload): unknown } {
  const profile: TelegramProfile = { about: new Map(), short: new Map(), menuButton: { type: 'default' }, changes: 0 };

  function set(change: () => void): true {
    change();
    profile.changes += 1;
    return true;
  }

  return Object.assign(profile, {
    /** Undefined for what is not about it. */
    call(method: string, payload: TelegramPayload): unknown {
      const language = String(payload.language_code ?? '');
      switch (method) {
        case 'getMyDescription':
          return { description: profile.about.get(language) ?? '' };
        case 'setMyDescription':
          return set(() => profile.about.set(language, String(payload.description ?? '')));
        case 'getMyShortDescription':
          return { short_description: profile.short.get(language) ?? '' };
        case 'setMyShortDescription':
          return set(() => profile.short.set(language, String(payload.short_description ?? '')));
        case 'getChatMenuButton':
          return profile.menuButton;
        case 'setChatMenuButton':
          return set(() => Object.assign(profile.menuButton, payload.menu_button));
        default:
          return undefined;
      }
    },
  });
}
