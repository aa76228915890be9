import type { Api } from 'grammy';
import type { Introduction } from '../../core/channel.ts';
import { fitted } from '../../core/split.ts';

/** https://core.telegram.org/bots/api#botcommand, #setmydescription, #setmyshortdescription */
const MOST_DESCRIPTION = 256;
const MOST_ABOUT = 512;
const MOST_SHORT = 120;

interface Told {
  commands: { command: string; description: string }[];
  about: string;
  short: string;
}

/**
 * What Telegram shows of us: the list of commands behind the menu button, and the words above an empty chat and in our
 * profile; in each language, and in English (or the first) for everybody else. What is as it should be is left alone.
 */
export async function introduce(api: Api, introduction: Introduction): Promise<void> {
  const { commands, about } = introduction;
  const languages = [...new Set([...commands.map(({ descriptions }) => descriptions), about].flatMap(Object.keys))];
  const fallback = languages.includes('en') ? 'en' : (languages[0] ?? 'en');
  await tell(api, toldIn(fallback, fallback, introduction), {});
  // Telegram knows languages by two letters alone.
  for (const language of languages.filter((code) => /^[a-z]{2}$/.test(code)))
    await tell(api, toldIn(language, fallback, introduction), { language_code: language as 'en' });
  const { type } = await api.getChatMenuButton();
  if (type !== 'commands') await api.setChatMenuButton({ menu_button: { type: 'commands' } });
}

function toldIn(language: string, fallback: string, { commands, about, short }: Introduction): Told {
  const inIt = (texts: Record<string, string>, most: number, otherwise = '') =>
    fitted(texts[language] ?? texts[fallback] ?? otherwise, most);
  return {
    commands: commands.map(({ name, descriptions }) => ({
      command: name,
      description: inIt(descriptions, MOST_DESCRIPTION, name),
    })),
    about: inIt(about, MOST_ABOUT),
    short: inIt(short, MOST_SHORT),
  };
}

async function tell(api: Api, { commands, about, short }: Told, where: { language_code?: 'en' }): Promise<void> {
  const known = await api.getMyCommands(where);
  if (JSON.stringify(known) !== JSON.stringify(commands)) await api.setMyCommands(commands, where);
  if ((await api.getMyDescription(where)).description !== about) await api.setMyDescription(about, where);
  if ((await api.getMyShortDescription(where)).short_description !== short)
    await api.setMyShortDescription(short, where);
}
