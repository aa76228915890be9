import { describe, expect, onTestFinished, test } from 'vitest';
import { type Channel, SEND_ERRORS, SendError } from '../../src/core/channel.ts';
import type { ChannelName } from '../../src/core/channelName.ts';
import type { Inbound, InboundContent } from '../../src/core/inbound.ts';
import { type OutboundMessage, say } from '../../src/core/message.ts';
import { comes } from '../support/wait.ts';
import { describeChanges, describeFiles, describeLinks } from './channelChanges.ts';

/** A message as its reader sees it: escapes and markup of the platform are already undone. */
export interface SeenMessage {
  text: string;
  buttons: { label: string; data: string | null; url: string | null }[];
  /** The name of a file. */
  file?: string;
}

export interface ContractPerson {
  key: string;
  address: string;
  say(text: string): Promise<unknown>;
  command(name: string, argument: string): Promise<unknown>;
  /** Presses a button under what the bot said last. */
  press(label: string): Promise<unknown>;
  /** Gives the bytes of what was sent. */
  document(name: string, caption: string): Promise<Uint8Array>;
  /** What the bot said, oldest first. */
  heard(): SeenMessage[];
}

/** A channel on its platform's stand-in, and the stand-in's ways to misbehave. */
export interface ContractStage {
  channel: Channel;
  person(name: string): ContractPerson;
  /** An address of the right form that nobody has. */
  nobody: string;
  /** Cannot be reached any more: has blocked the bot, or left. */
  leave(person: ContractPerson): void;
  /** Sends are refused with "slow down for n seconds"; 0: no more. */
  slowDown(seconds: number): void;
  /** The platform fails inside, or is well again. */
  fail(failing: boolean): void;
  /** The next send arrives and its answer is lost. */
  loseNextAnswer(): void;
  /** The platform is gone for good: nothing listens at its address. */
  vanish(): Promise<void>;
  close(): Promise<void>;
}

/** What every channel keeps, whatever its platform. `setup` gives a fresh stage, not yet started. */
export function describeChannel(name: ChannelName, setup: () => Promise<ContractStage>): void {
  const staged = async () => {
    const stage = await setup();
    onTestFinished(async () => {
      await stage.channel.stop();
      await stage.close();
    });
    return stage;
  };
  describe(`the ${name} channel takes in`, () => describeInbound(name, staged));
  describe(`the ${name} channel sends`, () => describeOutbound(staged));
  describe(`the ${name} channel names a refusal`, () => describeRefusals(staged));
  describe(`the ${name} channel changes what was sent`, () => describeChanges(staged));
  describe(`the ${name} channel sends files`, () => describeFiles(staged));
  describe(`the ${name} channel links`, () => describeLinks(staged));
}

function describeInbound(name: ChannelName, setup: () => Promise<ContractStage>): void {
  test('what people say, each once and in their order, with who said it', async () => {
    const { channel, person } = await setup();
    const inbox = createInbox();
    await channel.start(inbox.receive);
    const ada = person('Ada');
    for (const text of ['one', 'two', 'three']) await ada.say(text);
    const said = await inbox.taken(3);
    expect(said.map(({ content }) => content.kind === 'text' && content.text)).toEqual(['one', 'two', 'three']);
    expect(new Set(said.map(({ id }) => id)).size).toBe(3);
    for (const { sender } of said) expect(sender).toMatchObject({ key: ada.key, address: ada.address, channel: name });
  });

  test('commands with what follows them', async () => {
    const { channel, person } = await setup();
    const inbox = createInbox();
    await channel.start(inbox.receive);
    await person('Ada').command('idea', 'from-the-poster');
    const [said] = await inbox.taken(1);
    expect(said?.content).toMatchObject({ kind: 'command', name: 'idea', argument: 'from-the-poster' });
  });

  test('a pressed button with its data unchanged', async () => {
    const { channel, person } = await setup();
    const inbox = createInbox();
    await channel.start(inbox.receive);
    const [ada, data] = [person('Ada'), `x.${'é'.repeat(20)}<&>"`];
    await channel.send(ada.address, say('Sure?', [{ label: 'Yes', data }]));
    await ada.press('Yes');
    const [pressed] = await inbox.taken(1);
    expect(pressed?.content).toMatchObject({ kind: 'choice', data });
  });

  test('a document by reference, whose bytes can be fetched', async () => {
    const { channel, person } = await setup();
    const inbox = createInbox();
    await channel.start(inbox.receive);
    const bytes = await person('Ada').document('map.pdf', 'Where the bench goes');
    const content = (await inbox.taken(1))[0]?.content as Extract<InboundContent, { kind: 'media' }>;
    expect(content).toMatchObject({ kind: 'media', caption: 'Where the bench goes' });
    expect(content.attachment).toMatchObject({ kind: 'document', name: 'map.pdf' });
    expect(Buffer.from(await channel.download(content.attachment.ref))).toEqual(Buffer.from(bytes));
  });

  test('again what could not be recorded, under the same id, and then the next', async () => {
    const { channel, person } = await setup();
    const inbox = createInbox({ refusals: 1 });
    await channel.start(inbox.receive);
    const ada = person('Ada');
    // A platform that pushes holds this back until the update is taken; one that is asked does not.
    const first = ada.say('one');
    const [taken] = await inbox.taken(1);
    await first;
    await ada.say('two');
    await inbox.until((all) => all.some(({ content }) => content.kind === 'text' && content.text === 'two'));
    expect(inbox.refused.map(({ id }) => id)).toEqual([taken?.id]);
  });

  test('nothing after it was stopped, and stops only when what is under way is done', async () => {
    const { channel, person } = await setup();
    const inbox = createInbox({ held: true });
    await channel.start(inbox.receive);
    const spoken = person('Ada').say('one');
    await inbox.begun;
    let stopped = false;
    const stopping = channel.stop().then(() => (stopped = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped).toBe(false);
    inbox.release();
    await Promise.all([stopping, spoken]);
    expect(await inbox.taken(1)).toHaveLength(1);
  });

  test('each update once though it was started twice', async () => {
    const { channel, person } = await setup();
    const inbox = createInbox();
    await Promise.all([channel.start(inbox.receive), channel.start(inbox.receive)]);
    const ada = person('Ada');
    await ada.say('one');
    await ada.say('two');
    const said = await inbox.taken(2);
    expect(said.map(({ content }) => content.kind === 'text' && content.text)).toEqual(['one', 'two']);
  });
}

function describeOutbound(setup: () => Promise<ContractStage>): void {
  test('words as they are, whatever markup they resemble', async () => {
    const { channel, person } = await setup();
    const ada = person('Ada');
    const quoted = '*bold* _it_ `code` <b>&amp;</b> <!channel> <@U1> <https://evil.example|bank> [a](b) \\~ > x';
    const message: OutboundMessage = {
      blocks: [
        { kind: 'heading', text: 'Your idea' },
        { kind: 'quote', text: quoted },
        { kind: 'text', text: quoted },
      ],
    };
    expect(await channel.send(ada.address, message)).toHaveLength(1);
    const text = ada.heard()[0]?.text ?? '';
    expect(text).toContain('Your idea');
    expect(text.split(quoted)).toHaveLength(3);
  });

  test('choices in order and links', async () => {
    const { channel, person } = await setup();
    const ada = person('Ada');
    const choices = [1, 2, 3].map((n) => ({ label: `Choice ${n}`, data: `a.${n}` }));
    const links = [{ label: 'The plan', url: 'https://plan.example/?a=1&b=2' }];
    await channel.send(ada.address, { ...say('Which?', choices), links });
    const buttons = ada.heard()[0]?.buttons ?? [];
    expect(buttons.filter(({ data }) => data !== null).map(({ label, data }) => ({ label, data }))).toEqual(choices);
    expect(buttons.filter(({ url }) => url !== null).map(({ label, url }) => ({ label, url }))).toEqual(links);
  });

  test('a long text in parts that lose no word, with the buttons under the last', async () => {
    const { channel, person } = await setup();
    const ada = person('Ada');
    const words = wordsOf(channel.limits.text * 2.5);
    const refs = await channel.send(ada.address, say(words.join(' '), [{ label: 'Read', data: 'a.read' }]));
    const heard = ada.heard();
    expect(heard).toHaveLength(refs.length);
    expect(new Set(refs.map(({ id }) => id)).size).toBe(refs.length);
    for (const { text } of heard) expect(text.length).toBeLessThanOrEqual(channel.limits.text);
    expect(heard.flatMap(({ text }) => text.trim().split(/\s+/))).toEqual(words);
    expect(heard.map(({ buttons }) => buttons.length)).toEqual([...heard.slice(1).map(() => 0), 1]);
  });

  test('only the parts that had not arrived before', async () => {
    const { channel, person } = await setup();
    const [ada, bo] = [person('Ada'), person('Bo')];
    const message = say(wordsOf(channel.limits.text * 2.5).join(' '));
    const all = await channel.send(ada.address, message);
    const rest = await channel.send(bo.address, message, 1);
    expect(rest).toHaveLength(all.length - 1);
    expect(bo.heard().map(({ text }) => text)).toEqual(
      ada
        .heard()
        .slice(1)
        .map(({ text }) => text),
    );
  });

  test('what it shows of us to the platform', async () => {
    const { channel } = await setup();
    await channel.start(async () => undefined);
    const commands = [{ name: 'idea', descriptions: { en: 'Share an idea', es: 'Compartir una idea' } }];
    await channel.introduce({ commands, about: { en: 'Here you help.' }, short: { en: 'Help.' } });
  });
}

function describeRefusals(setup: () => Promise<ContractStage>): void {
  test('of people who are gone as final, and them as unreachable', async () => {
    const { channel, person, leave, nobody } = await setup();
    const ada = person('Ada');
    leave(ada);
    for (const address of [ada.address, nobody]) {
      const { code } = await refusal(channel.send(address, say('Hello')));
      expect(SEND_ERRORS[code]).toEqual({ retryable: false, unreachable: true });
    }
  });

  test('to go slower with the time it asks for, and goes on after it', async () => {
    const { channel, person, slowDown } = await setup();
    const ada = person('Ada');
    slowDown(7);
    const error = await refusal(channel.send(ada.address, say('Hello')));
    expect(error).toMatchObject({ code: 'slow_down', retryable: true, more: { retryAfterSeconds: 7, partsDone: 0 } });
    slowDown(0);
    await channel.send(ada.address, say('Hello'));
    expect(ada.heard()).toHaveLength(1);
  });

  test('of a platform in trouble as one to try again', async () => {
    const { channel, person, fail } = await setup();
    fail(true);
    const error = await refusal(channel.send(person('Ada').address, say('Hello')));
    expect(error).toMatchObject({ code: 'unavailable', retryable: true });
  });

  test('when no answer came as a doubt, and does not send again by itself', async () => {
    const { channel, person, loseNextAnswer } = await setup();
    const ada = person('Ada');
    loseNextAnswer();
    const error = await refusal(channel.send(ada.address, say('Hello')));
    expect(error).toMatchObject({ code: 'unknown_outcome', retryable: false });
    expect(ada.heard()).toHaveLength(1);
  });

  test('with the parts that had arrived', async () => {
    const { channel, person, loseNextAnswer, slowDown } = await setup();
    const ada = person('Ada');
    const message = say(wordsOf(channel.limits.text * 2.5).join(' '));
    loseNextAnswer();
    expect((await refusal(channel.send(ada.address, message))).more.partsDone).toBe(0);
    slowDown(1);
    expect((await refusal(channel.send(ada.address, message, 1))).more.partsDone).toBe(1);
  });

  test('to connect as one that cannot have arrived', async () => {
    const { channel, person, vanish } = await setup();
    const { address } = person('Ada');
    await vanish();
    const error = await refusal(channel.send(address, say('Hello')));
    expect(error).toMatchObject({ code: 'not_connected', retryable: true });
  });
}

export const wordsOf = (characters: number): string[] =>
  Array.from({ length: Math.ceil(characters / 8) }, (_, index) => `word${index % 1000}`);

export async function refusal(sending: Promise<unknown>): Promise<SendError> {
  const error = await sending.then(
    () => new Error('It was taken.'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SendError);
  return error as SendError;
}

function signal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Takes updates in as the application does; refuses the first few, or holds them until released. */
export function createInbox({ refusals = 0, held = false } = {}) {
  const taken: Inbound[] = [];
  const refused: Inbound[] = [];
  const waiting: { holds: (all: Inbound[]) => boolean; resolve: () => void }[] = [];
  const rateLimit = signal();
  const begun = signal();
  if (!held) rateLimit.resolve();

  async function receive(inbound: Inbound): Promise<void> {
    begun.resolve();
    await rateLimit.promise;
    if (refused.length < refusals) {
      refused.push(inbound);
      throw new Error('The database is away.');
    }
    if (taken.some(({ id }) => id === inbound.id)) return;
    taken.push(inbound);
    for (const wait of waiting) if (wait.holds(taken)) wait.resolve();
  }

  async function until(holds: (all: Inbound[]) => boolean): Promise<void> {
    if (!holds(taken))
      await comes('an update for the inbox', new Promise<void>((resolve) => void waiting.push({ holds, resolve })));
  }

  return {
    receive,
    refused,
    until,
    begun: begun.promise,
    release: rateLimit.resolve,
    taken: async (count: number) => {
      await until((all) => all.length >= count);
      return taken;
    },
  };
}
