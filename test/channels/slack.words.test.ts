import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SLACK_LIMITS } from '../../src/channels/slack/limits.ts';
import { parsePayload } from '../../src/channels/slack/parse.ts';
import { atOnce } from '../../src/channels/slack/reading.ts';
import { bodyOf, isSigned } from '../../src/channels/slack/receiver.ts';
import { blocksOf, render, slashing } from '../../src/channels/slack/render.ts';
import { formEndView, formView, homeView } from '../../src/channels/slack/views.ts';
import type { Block, OutboundMessage } from '../../src/core/message.ts';
import type { FormField } from '../../src/core/surfaces.ts';
import { isSoundView, type SentView, shownView } from '../../src/sandbox/slackPayload.ts';

const HERE = atOnce({ botUser: 'UBOT', team: 'T1', now: 1_700_000_100_000 });
const HOSTILE = [
  '<!channel>',
  '<!here>',
  '<!everyone|x>',
  '<@U1>',
  '<#C1|general>',
  '<!subteam^S1|@all>',
  '<!date^1392734382^{date}^https://evil.example/|now>',
  '<https://evil.example|bank>',
  '<mailto:a@b.example|you>',
  '*bold* _it_ ~gone~ `code` ```more```',
  '> quote\n>>> rest',
  ':tada: &lt;!channel&gt; &amp;amp;',
  '\u202e<@U1>\u0000\ud800',
];
const words = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 200 })), { maxLength: 8 })
  .map((parts) => parts.join(' '));
const long = fc.tuple(words, fc.integer({ min: 1, max: 60 })).map(([text, times]) => text.repeat(times));
const kind = fc.constantFrom<Block['kind']>('text', 'heading', 'quote');
const message = fc.record({
  blocks: fc.array(fc.record({ kind, text: long }), { minLength: 1, maxLength: 60 }),
  choices: fc.array(fc.record({ label: words, data: fc.string({ minLength: 1, maxLength: 64 }) }), { maxLength: 130 }),
  links: fc.array(fc.record({ label: words, url: fc.webUrl() }), { maxLength: 7 }),
});

const slashed = slashing(['idea', 'stop']);

/** Everything beside the chat, made of these words. */
function viewsOf(part: OutboundMessage, words: string): SentView[] {
  const tab = { language: 'en', lead: part, share: words, organize: words, parts: [part, part] };
  const list = Array.from({ length: 130 }, (_, index) => ({ label: words, value: String(index) }));
  const inputs: FormField['input'][] = ['line', 'lines', list.slice(0, 3), list.slice(0, 99), list];
  const fields = inputs.flatMap((input, index) =>
    [true, false].map((optional): FormField => {
      return { name: `field_${index}_${optional}`, label: words, hint: words, optional, most: 20_000, input };
    }),
  );
  const ends = { title: words, submit: words, close: words };
  const form = formView({ language: 'en', ...ends, fields });
  return [homeView(tab, slashed), form, formEndView({ ...ends, text: `${words}.` }, slashed)] as unknown as SentView[];
}

/** Every object of a tree that says what type it is. */
function typed(node: unknown): Record<string, unknown>[] {
  if (typeof node !== 'object' || node === null) return [];
  const below = Object.values(node).flatMap(typed);
  return 'type' in node ? [node as Record<string, unknown>, ...below] : below;
}

const texts = (node: unknown): string[] =>
  typed(node).flatMap(({ type, text }) => (type === 'plain_text' ? [String(text)] : []));

describe('whatever people write', () => {
  test('nothing is read as markup, in messages, Home or modal', () => {
    fc.assert(
      fc.property(message, words, (sent, label) => {
        const parts = render(sent, slashed);
        const views = viewsOf(sent, label);
        const all = typed([parts.map(({ blocks }) => blocks), views]);
        expect(all.filter(({ type }) => type === 'mrkdwn' || type === 'rich_text' || type === 'markdown')).toEqual([]);
        expect(all.filter(({ emoji }) => emoji === true)).toEqual([]);
        for (const { text } of parts) expect(text.replace(/&(amp|lt|gt);/g, '')).not.toMatch(/[<>&]/);
      }),
      { numRuns: 30 },
    );
  });

  test('no part is larger than Slack takes', () => {
    fc.assert(
      fc.property(message, (sent) => {
        for (const { blocks, text } of render(sent, slashed)) {
          expect(blocks.length).toBeLessThanOrEqual(50);
          expect(text.length).toBeGreaterThan(0);
          expect(texts(blocks).every((each) => each.length > 0 && each.length <= 3000)).toBe(true);
          const body = blocks.filter((block) => block.type !== 'actions');
          expect(texts(body).join('').length).toBeLessThanOrEqual(SLACK_LIMITS.text);
          for (const block of blocks)
            if (block.type === 'actions') {
              expect(block.elements.length).toBeLessThanOrEqual(25);
              const labels = texts(block);
              expect(labels.every((label) => label.length <= 75)).toBe(true);
            }
          const ids = typed(blocks).flatMap(({ action_id }) => (action_id === undefined ? [] : [action_id]));
          expect(new Set(ids).size).toBe(ids.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('no view is larger than Slack takes, and what somebody sent is there under the longest timeline', () => {
    fc.assert(
      fc.property(message, words, (sent, label) => {
        for (const view of viewsOf(sent, label)) expect(isSoundView(view), shownView(view)).toBe(true);
      }),
      { numRuns: 25 },
    );
    const timeline = {
      blocks: Array.from({ length: 300 }, (_, day) => ({ kind: 'text' as const, text: `Day ${day}` })),
    };
    const own = { blocks: [{ kind: 'quote' as const, text: 'My idea' }], choices: [{ label: 'Withdraw', data: 'w' }] };
    const view = homeView(
      { language: 'en', lead: { blocks: [] }, share: 'Share', organize: null, parts: [timeline, own] },
      slashed,
    );
    expect(view.blocks).toHaveLength(100);
    expect(shownView(view as unknown as SentView)).toMatch(/Share \].*Day 90.*My idea\n\[ Withdraw \]$/s);
  });

  test('no word is lost', () => {
    fc.assert(
      fc.property(kind, long, (of, text) => {
        const body = render({ blocks: [{ kind: of, text }] }, slashed).flatMap(({ blocks }) => texts(blocks));
        const bare = (said: string) => said.replaceAll('\0', '').toWellFormed().replace(/\s+/g, '');
        expect(bare(body.join(''))).toBe(bare(text));
      }),
      { numRuns: 100 },
    );
  });
});

describe('our commands', () => {
  const read = (block: Block) => texts(blocksOf(block, slashed)).join('');

  test.each([
    ['Send /stop, or (/idea).', 'Send /hearback stop, or (/hearback idea).'],
    ['«/stop»', '«/hearback stop»'],
    ['https://plan.example/stop and and/or /stopping /stop-sign //stop', null],
    ['/hearback stop', null],
    ['/mine is not a command here', null],
  ])('in words and headings %s reads as people have to type it', (text, wanted) => {
    expect(read({ kind: 'text', text })).toBe(wanted ?? text);
    expect(read({ kind: 'heading', text })).toBe(wanted ?? text);
  });

  test('are left as they are in what people said, in a quote or within our words', () => {
    const said = 'Put a /stop sign in front of /idea street';
    expect(read({ kind: 'quote', text: said })).toBe(said);
    const text = `This is what I will send:\n\n${said}\n\nOr /stop.`;
    expect(read({ kind: 'text', text, said: [said] })).toBe(text.replace('Or /stop', 'Or /hearback stop'));
  });

  test('read in the notification as in the message', () => {
    const [part] = render({ blocks: [{ kind: 'heading', text: 'Send /stop' }] }, slashed);
    expect(part?.text).toBe('Send /hearback stop');
  });
});

describe('whatever Slack, or somebody else, sends', () => {
  test('nothing throws, and no prototype is touched', () => {
    fc.assert(
      fc.property(fc.anything(), fc.oneof(fc.string(), fc.json()), (raw, body) => {
        parsePayload(raw, HERE);
        parsePayload(bodyOf('application/json', body), HERE);
      }),
      { numRuns: 500 },
    );
    const forged = JSON.parse(
      '{"type":"view_submission","team":{"id":"T"},"user":{"id":"U"},"trigger_id":"t","view":{"id":"V","callback_id":"idea","state":{"values":{"__proto__":{"value":{"value":"x"}}}}}}',
    );
    parsePayload(forged, HERE);
    expect(({} as { value?: unknown }).value).toBeUndefined();
  });

  test.each([
    ['&lt;!channel&gt; &amp;amp; done', '<!channel> &amp; done'],
    ['<https://a.example|https://a.example>', 'https://a.example'],
    ['see <http://a.example|a.example>.', 'see a.example.'],
    ['<https://evil.example|bank>', 'bank (https://evil.example)'],
    ['hello <@U1> in <#C1|general>, <!here>', 'hello @… in #general, @here'],
    ['write to <mailto:a@b.example|a@b.example>', 'write to a@b.example'],
    ['stop the noise', 'stop the noise'],
  ])('%s is what was typed: %s', (text, typedByThem) => {
    const event = { type: 'message', channel_type: 'im', channel: 'D1', user: 'U1', text, ts: '1.1' };
    const raw = { type: 'event_callback', team_id: 'T1', event_id: 'E1', event };
    expect(parsePayload(raw, HERE)?.inbound.content).toMatchObject({ kind: 'text', text: typedByThem });
  });

  const folder = new URL('../fixtures/slack/', import.meta.url);
  test.each(readdirSync(folder))('%s', (name) => {
    const { payload, inbound } = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    const parsed = parsePayload(payload, HERE);
    if (inbound === null) expect(parsed).toBeNull();
    else expect(parsed?.inbound).toMatchObject(inbound);
  });
});

describe('a signature', () => {
  const now = 1_700_000_000_000;
  const sign = (raw: string, seconds: number | string, version = 'v0') => ({
    'x-slack-request-timestamp': String(seconds),
    'x-slack-signature': `${version}=${createHmac('sha256', 'secret').update(`${version}:${seconds}:${raw}`).digest('hex')}`,
  });
  const at = now / 1000;

  test.each([
    ['of now', at, true],
    ['of five minutes ago', at - 300, true],
    ['of five minutes and a second ago', at - 301, false],
    ['of a minute ahead', at + 60, true],
    ['of a minute and a second ahead', at + 61, false],
    ['of no number', 'now', false],
    ['of a number that is none', '1e9', false],
  ])('%s', (_, seconds, taken) => expect(isSigned('secret', sign('{}', seconds), '{}', now)).toBe(taken));

  test('of another body, secret, version or length, and a missing one, are refused', () => {
    const good = sign('{}', at);
    expect(isSigned('secret', good, '{} ', now)).toBe(false);
    expect(isSigned('other', good, '{}', now)).toBe(false);
    expect(isSigned('secret', sign('{}', at, 'v1'), '{}', now)).toBe(false);
    expect(isSigned('secret', { ...good, 'x-slack-signature': 'v0=' }, '{}', now)).toBe(false);
    expect(isSigned('secret', { 'x-slack-signature': good['x-slack-signature'] }, '{}', now)).toBe(false);
    expect(isSigned('secret', { 'x-slack-request-timestamp': String(at) }, '{}', now)).toBe(false);
    const large = 'x'.repeat(1024 * 1024 + 1);
    expect(isSigned('secret', sign(large, at), large, now)).toBe(false);
  });
});

test('a long quotation stands where Slack folds it, a short one in small print', () => {
  const typeOf = (text: string) => blocksOf({ kind: 'quote', text }, (words) => words)[0]?.type;
  expect(typeOf('Publish every contract')).toBe('context');
  expect(typeOf('Publish every contract. '.repeat(20))).toBe('section');
});
