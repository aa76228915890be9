import { expect, test } from 'vitest';
import { channelKind } from '../../../src/channels/registry.ts';
import { say } from '../../../src/core/message.ts';
import { clockTime, columns, counted, duration, harmless } from '../../../src/interfaces/cli/words.ts';

test('numbers, times and columns read as people write them', () => {
  expect([counted(1, 'person', 'people'), counted(40312, 'person', 'people')]).toEqual(['1 person', '40,312 people']);
  expect([0.2, 60, 119.6, 3600, 7300].map(duration)).toEqual(['1 s', '1 min', '2 min', '1 h', '2 h 1 min']);
  expect(clockTime(new Date('2027-03-28T01:00:00Z'), 'Europe/Madrid')).toBe('2027-03-28 03:00 Europe/Madrid');
  const rows = [
    ['es', '1,200', 'x'],
    ['pt-BR', '7', ''],
  ];
  expect(columns(rows, ['language', 'people'])).toEqual([
    'language  people',
    'es         1,200  x',
    'pt-BR          7',
  ]);
});

test('words on a terminal keep their signs, and steer nothing', () => {
  expect(harmless('a\x1b[31mb\u202Ec\td\n👨‍👩‍👧 e\u0301 ‏عربي')).toBe('a[31mbc d\n👨‍👩‍👧 e\u0301 ‏عربي');
});

test('a message is seen as each platform makes it', () => {
  const choices = Array.from({ length: 7 }, (_, n) => ({ label: `Choice ${n}`, data: 'x' }));
  const message = {
    ...say(`${'word '.repeat(700)}write /mine`, choices),
    links: [{ label: 'Site', url: 'https://x.org' }],
  };
  const [telegram, slack] = [
    channelKind('telegram').preview(message, []),
    channelKind('slack').preview(message, ['mine']),
  ];
  expect(telegram).toMatchObject({ messages: [{ characters: 3511, blocks: null }] });
  expect(telegram.buttons.map((row) => row.length)).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  expect(slack.messages).toMatchObject([{ blocks: 4 }]);
  expect(slack.messages[0]?.text).toMatch(/write \/hearback mine$/);
  expect(slack.buttons.map((row) => row.length)).toEqual([5, 3]);
  expect(
    channelKind('telegram')
      .preview(say('x'.repeat(9000)), [])
      .messages.map(({ characters }) => characters),
  ).toEqual([4096, 4096, 808]);
});
