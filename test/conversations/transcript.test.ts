import { expect, test } from 'vitest';
import { compared, inColumns, written } from '../support/transcript/compare.ts';
import { readTranscript } from '../support/transcript/read.ts';

const HEAD = '# Somebody is greeted\n\nPeople: Ann (en), 李 (zh-hans, agreed)\n\n';
const entriesIn = (lines: string) => readTranscript(`${HEAD}${lines}`, 'telegram').entries;

test('a transcript says who is in it, what they do, and what is expected of the bot', () => {
  const { title, people, entries } = readTranscript(
    `${HEAD}- Ann: Hi\n- Bot: Hello\n  [Yes] [No]\n- (silence)\n`,
    'slack',
  );
  expect(title).toBe('Somebody is greeted');
  expect(people).toEqual([
    { name: 'Ann', language: 'en', agreed: false, role: null },
    { name: '李', language: 'zh-hans', agreed: true, role: null },
  ]);
  expect(entries.map(({ kind, who, what, more }) => [kind, who, what, more])).toEqual([
    ['act', 'Ann', ': Hi', []],
    ['bot', null, 'Hello', ['[Yes] [No]']],
    ['besides', null, 'silence', []],
  ]);
});

test('what goes otherwise on one platform stands in a line of its own', () => {
  const lines = '- On Slack, Bot: Hello, Slack\n- On Telegram, Bot: Hello, Telegram\n';
  expect(entriesIn(lines).map(({ what }) => what)).toEqual(['Hello, Telegram']);
});

test('a line that nobody can read is named', () => {
  expect(() => entriesIn('- Anna: Hi\n')).toThrow('Line 5: is neither');
  expect(() => entriesIn('- Ann: Hi\nBot: Hello\n')).toThrow('Line 6: begins neither');
});

test('an ellipsis stands for what is not looked at, and empty lines are none', () => {
  const entries = entriesIn('- Bot: It is recorded as HB-1. …\n  [Yes]\n');
  const meets = (...came: string[]) => compared(entries, [came]).every(({ same }) => same);
  expect(meets('Bot: It is recorded as HB-1. See it', '', 'with /mine.', '', '[Yes]')).toBe(true);
  expect(meets('Bot: It is recorded as HB-1. See it', '[Yes] [No]')).toBe(false);
  expect(meets('Bot: It is recorded as HB-2. See it', '[Yes]')).toBe(false);
});

test('a conversation that goes otherwise is shown beside what was expected, from where it differs', () => {
  const entries = entriesIn('- Ann: Hi\n- Bot: Hello\n- Ann: Bye\n- Bot: See you\n');
  const came = [['Ann: Hi'], ['Bot: Hello'], ['Bot: Who are you?'], ['Ann: Bye'], ['Bot: See you soon']];
  const rows = compared(entries, came);
  const shown = inColumns(rows)
    .split('\n')
    .map((line) => line.replace(/ +/g, ' '));
  expect(shown).toEqual([
    ' what is expected what came',
    ' Ann: Hi │ Ann: Hi',
    ' Bot: Hello │ Bot: Hello',
    '≠ │ Bot: Who are you?',
    ' Ann: Bye │ Ann: Bye',
    '≠ Bot: See you │ Bot: See you soon',
  ]);
  expect(written(rows)).toBe('- Ann: Hi\n- Bot: Hello\n- Bot: Who are you?\n- Ann: Bye\n- Bot: See you soon');
});
