import type { Api } from 'grammy';
import type { Channel } from '../../core/channel.ts';
import { fitted } from '../../core/split.ts';

/** https://core.telegram.org/bots/api#botcommand */
const MOST_DESCRIPTION = 256;

/** Tells Telegram the list of commands: one a language, and the English (or first) one for everybody else. */
export async function announce(api: Api, commands: Parameters<Channel['announceCommands']>[0]): Promise<void> {
  const languages = [...new Set(commands.flatMap(({ descriptions }) => Object.keys(descriptions)))];
  const fallback = languages.includes('en') ? 'en' : (languages[0] ?? 'en');
  const listIn = (language: string) =>
    commands.map(({ name, descriptions }) => ({
      command: name,
      description: fitted(descriptions[language] ?? descriptions[fallback] ?? name, MOST_DESCRIPTION),
    }));
  await api.setMyCommands(listIn(fallback));
  // Telegram knows languages by two letters alone.
  for (const language of languages.filter((code) => /^[a-z]{2}$/.test(code)))
    await api.setMyCommands(listIn(language), { language_code: language as 'en' });
}
