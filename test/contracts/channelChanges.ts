import { expect, test } from 'vitest';
import type { InboundContent } from '../../src/core/inbound.ts';
import { type OutboundFile, say } from '../../src/core/message.ts';
import type { ButtonUse } from '../../src/core/usedButtons.ts';
import { type ContractStage, createInbox, refusal, type SeenMessage, wordsOf } from './channel.ts';

const YES = [{ label: 'Yes', data: 'a.yes' }];
const NO = [{ label: 'No', data: 'a.no' }];

/** What every channel keeps about messages that were sent. */
export function describeChanges(setup: () => Promise<ContractStage>): void {
  test('into other words and buttons, where it stands', async () => {
    const { channel, person } = await setup();
    const ada = person('Ada');
    const refs = await channel.send(ada.address, say('The meting is on Monday.', YES));
    await channel.send(ada.address, say('Something else.'));
    await channel.edit(refs, say('The *meeting* is on <Monday> & not before.', NO));
    expect(ada.heard().map(({ text }) => text)).toEqual([
      'The *meeting* is on <Monday> & not before.',
      'Something else.',
    ]);
    expect(ada.heard()[0]?.buttons).toMatchObject([{ label: 'No', data: 'a.no' }]);
    await channel.edit(refs, say('No question any more.'));
    expect(ada.heard()[0]).toMatchObject({ text: 'No question any more.', buttons: [] });
  });

  test('into what it says already without an error, in one part or many', async () => {
    const { channel, person } = await setup();
    const ada = person('Ada');
    for (const message of [say('Hello', YES), say(wordsOf(channel.limits.text * 1.5).join(' '), YES)]) {
      const refs = await channel.send(ada.address, message);
      const before = structuredClone(ada.heard().map(({ text, buttons }) => ({ text, buttons })));
      await channel.edit(refs, message);
      expect(ada.heard().map(({ text, buttons }) => ({ text, buttons }))).toEqual(before);
    }
  });

  test('part by part; what is too much vanishes, and the buttons are under the last', async () => {
    const { channel, person } = await setup();
    const ada = person('Ada');
    const most = channel.limits.text;
    const refs = await channel.send(ada.address, say(wordsOf(most * 2.5).join(' '), YES));
    const words = ['changed', ...wordsOf(most * 1.5)];
    await channel.edit(refs, say(words.join(' '), NO));
    const heard = ada.heard();
    expect(heard.flatMap(({ text }) => text.trim().split(/\s+/))).toEqual(words);
    expect(heard.map(({ buttons }) => buttons.map(({ label }) => label))).toEqual([[], ['No']]);
    await channel.edit(refs, say('Short.', YES));
    expect(ada.heard()).toMatchObject([{ text: 'Short.', buttons: [{ label: 'Yes' }] }]);
  });

  test('not at all where it would take more messages than there are', async () => {
    const { channel, person } = await setup();
    const ada = person('Ada');
    const refs = await channel.send(ada.address, say('Short.', YES));
    const error = await refusal(channel.edit(refs, say(wordsOf(channel.limits.text * 1.5).join(' '))));
    expect(error).toMatchObject({ code: 'rejected', retryable: false });
    expect(ada.heard()).toMatchObject([{ text: 'Short.', buttons: [{ label: 'Yes' }] }]);
  });

  test('by taking it back, in all its parts, and once more without an error', async () => {
    const { channel, person } = await setup();
    const ada = person('Ada');
    const refs = await channel.send(ada.address, say(wordsOf(channel.limits.text * 1.5).join(' '), YES));
    await channel.send(ada.address, say('This stays.'));
    await channel.remove(refs);
    await channel.remove(refs);
    expect(ada.heard().map(({ text }) => text)).toEqual(['This stays.']);
  });

  test('by showing which of a question’s buttons was pressed; words, links and buttons that go on working stay', async () => {
    const { channel, person } = await setup();
    const [inbox, ada] = [createInbox(), person('Ada')];
    await channel.start(inbox.receive);
    const choices = [
      { label: 'Yes & no', data: 'n1:o0' },
      { label: 'No', data: 'n1:o1' },
      { label: 'See the dates', data: 'flow:timeline' },
    ];
    const links = [{ label: 'The plan', url: 'https://example.org/plan' }];
    const pressedAgain = async (use: ButtonUse) => {
      await channel.send(ada.address, { ...say('*Sure* & <certain>?', choices), links });
      await ada.press('Yes & no');
      const { sender, content } = (await inbox.taken(++taken)).at(-1) ?? expect.unreachable();
      const { data, messageId, shown } = content as Extract<InboundContent, { kind: 'choice' }>;
      await channel.markUsed({ address: sender.address, messageId: messageId ?? '', data, shown }, use);
      return seenIn(ada.heard().at(-1));
    };
    let taken = 0;
    const rest = ['See the dates', 'The plan'];
    expect(await pressedAgain('answered')).toEqual(['*Sure* & <certain>?', '✓ Yes & no', ...rest]);
    expect(await pressedAgain('asked_again')).toEqual(['*Sure* & <certain>?', ...rest]);
    expect(await pressedAgain('done')).toEqual(['*Sure* & <certain>?', '✓ Yes & no', 'No', ...rest]);
  });

  test('by nothing at all, where a platform does not say what the message shows', async () => {
    const { channel, person } = await setup();
    const ada = person('Ada');
    const [ref] = await channel.send(ada.address, say('Sure?', YES));
    await channel.markUsed({ address: ada.address, messageId: ref?.id ?? '', data: 'a.yes', shown: 7 }, 'answered');
    expect(ada.heard()).toMatchObject([{ text: 'Sure?', buttons: [{ label: 'Yes' }] }]);
  });

  test('but nothing that is gone', async () => {
    const { channel, person } = await setup();
    const ada = person('Ada');
    const refs = await channel.send(ada.address, say('Hello'));
    await channel.remove(refs);
    expect(await refusal(channel.edit(refs, say('Hello again')))).toMatchObject({ code: 'rejected' });
    expect(ada.heard()).toEqual([]);
  });

  test('with the refusals that sending has', async () => {
    const { channel, person, slowDown, fail } = await setup();
    const ada = person('Ada');
    const refs = await channel.send(ada.address, say('Hello'));
    const both = [() => channel.edit(refs, say('Hello again')), () => channel.remove(refs)];
    slowDown(7);
    for (const change of both)
      expect(await refusal(change())).toMatchObject({ code: 'slow_down', more: { retryAfterSeconds: 7 } });
    slowDown(0);
    fail(true);
    for (const change of both) expect(await refusal(change())).toMatchObject({ code: 'unavailable', retryable: true });
    fail(false);
    expect(ada.heard()).toMatchObject([{ text: 'Hello' }]);
    for (const change of both) await change();
    expect(ada.heard()).toEqual([]);
  });
}

/** Words, what was pressed, and what can be, one below the other. */
const seenIn = (message?: SeenMessage): string[] =>
  [message?.text.replace('\n\n✓', '\n✓'), ...(message?.buttons ?? []).map(({ label }) => label)].join('\n').split('\n');

/** A dot of one pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg==',
  'base64',
);

const FILES: [string, OutboundFile][] = [
  ['a document', { name: 'plan.txt', mime: 'text/plain', bytes: Buffer.from('Benches for all') }],
  [
    'what is kept as text',
    { name: 'meeting.ics', mime: 'text/calendar', text: 'BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n' },
  ],
  ['a picture', { name: 'map.png', mime: 'image/png', bytes: PNG }],
];

export function describeFiles(setup: () => Promise<ContractStage>): void {
  test.each(FILES)('%s, with the words to it and the buttons under it', async (_, file) => {
    const { channel, person } = await setup();
    const ada = person('Ada');
    const message = { ...say('Look at this.', YES), file };
    // The second time the platform may know it already.
    for (let time = 1; time <= 2; time++) {
      await channel.send(ada.address, message);
      const heard = ada.heard();
      expect(heard.flatMap(({ file }) => (file === undefined ? [] : [file]))).toEqual(Array(time).fill(file.name));
      expect(heard.map(({ text }) => text).join('\n')).toContain('Look at this.');
      expect(heard.flatMap(({ buttons }) => buttons.map(({ label }) => label))).toEqual(Array(time).fill('Yes'));
    }
  });

  test('after words that are too long to stand with them', async () => {
    const { channel, person } = await setup();
    const ada = person('Ada');
    const words = wordsOf(channel.limits.text * 0.9);
    const file = FILES[2]?.[1];
    await channel.send(ada.address, { ...say(words.join(' ')), file });
    const heard = ada.heard();
    expect(heard.flatMap(({ text }) => text.split(/\s+/).filter((word) => word !== ''))).toEqual(words);
    expect(heard.filter(({ file }) => file !== undefined)).toHaveLength(1);
  });
}

export function describeLinks(setup: () => Promise<ContractStage>): void {
  test('to the private chat once it is started, or nowhere', async () => {
    const { channel } = await setup();
    expect(channel.link('idea__poster-3')).toBeNull();
    await channel.start(async () => undefined);
    const link = channel.link('idea__poster-3');
    if (link !== null) expect(() => new URL(link)).not.toThrow();
  });
}
