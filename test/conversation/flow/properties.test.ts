import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate, holds } from '../../../src/conversation/flow/conditions.ts';
import { takeTurn } from '../../../src/conversation/flow/engine.ts';
import { type FlowRegistry, isOpenToStopped } from '../../../src/conversation/flow/flowRegistry.ts';
import { intentOf } from '../../../src/conversation/flow/intents.ts';
import { plain } from '../../../src/conversation/flow/plain.ts';
import { readSession } from '../../../src/conversation/flow/session.ts';
import { openFlowRegistry } from '../../../src/conversation/flow/source/load.ts';
import type { Input, Person, Session } from '../../../src/conversation/flow/types.ts';
import { format } from '../../../src/core/messageFormat.ts';
import { talk, worldOf } from '../../support/talk.ts';

const registry: FlowRegistry = await openFlowRegistry('flows');

const SEED = { seed: 20_270_115, numRuns: 1000 };
const FLOWS = [
  'comment',
  'edit',
  'erase',
  'idea',
  'loose',
  'mine',
  'privacy',
  'profile',
  'question',
  'record',
  'respond',
  'stopped',
  'timeline',
  'topics',
  'welcome',
  'withdraw',
];
const STEPS = [
  'idea',
  'problem',
  'theme',
  'files',
  'attribution',
  'confirm',
  'consent',
  'menu',
  'route',
  'words',
  'what',
  'send',
];
const odd = fc.constantFrom(
  '',
  '__proto__',
  'constructor',
  'toString',
  '{',
  "'{'",
  '1',
  'stop',
  'back',
  'skip',
  '💧',
  '\u0000',
  '\ud800',
);
const words = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), odd, fc.constantFrom(...FLOWS, ...STEPS));
const flowName = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...FLOWS) }, { weight: 1, arbitrary: words });
const attachment = fc.record({
  kind: fc.constantFrom('photo' as const, 'voice' as const, 'document' as const),
  ref: words,
  mime: fc.option(words),
  name: fc.option(words),
  size: fc.option(fc.nat()),
});
const answer = fc.oneof(
  words,
  fc.double(),
  fc.boolean(),
  fc.array(words, { maxLength: 3 }),
  fc.constant(null),
  attachment,
  fc.array(attachment, { maxLength: 3 }),
);
const answers = fc.dictionary(fc.oneof(fc.constantFrom(...STEPS, 'goto', 'said', 'reply'), words), answer, {
  maxKeys: 6,
});
const what = fc.constantFrom('', 'o0', 'o1', 'o7', 'p1', 'd', 's', 'y', 'n', 'l0', 'l9');

const input: fc.Arbitrary<Input> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: words, messageId: fc.option(words) }),
  fc.record({
    kind: fc.constant('choice' as const),
    data: fc.oneof(
      words,
      what.map((rest) => `n:${rest}`),
    ),
  }),
  fc.record({
    kind: fc.constant('command' as const),
    name: fc.oneof(fc.constantFrom('start', 'stop', 'help', 'back', 'cancel', 'language', 'mine', 'privacy'), words),
    argument: words,
  }),
  fc.record(
    { kind: fc.constant('media' as const), attachment, caption: words, album: fc.constantFrom('a', 'b') },
    { requiredKeys: ['kind', 'attachment', 'caption'] },
  ),
  fc.record({
    kind: fc.constant('form' as const),
    form: flowName,
    fields: fc.dictionary(words, words, { maxKeys: 4 }),
  }),
  fc.record({ kind: fc.constant('begin' as const), flow: flowName, answers }),
  fc.record({ kind: fc.constant('timeout' as const), nonce: fc.constantFrom('n', 'm') }),
  fc.record({ kind: fc.constant('unsupported' as const), what: words }),
);

const number = fc.oneof(fc.nat(1000), fc.double({ noNaN: true, noDefaultInfinity: true }));
const session = fc.record(
  {
    id: words,
    album: fc.record({ id: fc.constantFrom('a', 'b'), answer: fc.option(fc.constantFrom(...STEPS)) }),
    later: fc.record({ kind: fc.constant('begin'), flow: flowName, answers, spoken: fc.constant(true) }),
    stack: fc.array(
      fc
        .tuple(flowName, fc.oneof(fc.constantFrom(...STEPS), words))
        .map(([flow, step]) => ({ flow, version: registry.get(flow)?.version ?? '1', step })),
      { maxLength: 4 },
    ),
    answers,
    open: fc.option(
      fc.record(
        {
          nonce: fc.constant('n'),
          askedAt: number,
          tries: number,
          page: number,
          picked: fc.array(words),
          asking: fc.oneof(
            fc.constant({ kind: 'language' }),
            fc.record({ kind: fc.constant('leave'), wanted: fc.oneof(input, fc.record({ kind: words })) }),
          ),
        },
        { requiredKeys: ['nonce', 'askedAt', 'tries', 'page', 'picked'] },
      ),
    ),
    history: fc.array(words),
    lastNonce: fc.option(words),
    messageId: fc.option(words),
    turns: number,
    startedAt: number,
    seenAt: number,
    timeoutAt: fc.option(number),
  },
  {
    requiredKeys: [
      ...(['id', 'stack', 'answers', 'open', 'history', 'lastNonce', 'messageId', 'turns'] as const),
      ...(['startedAt', 'seenAt', 'timeoutAt'] as const),
    ],
  },
);
/** What a database may give back: mostly sessions, also nonsense. */
const stored = fc.oneof(
  { weight: 4, arbitrary: session as fc.Arbitrary<unknown> },
  { weight: 1, arbitrary: fc.jsonValue() },
);
const person: fc.Arbitrary<Person> = fc.record({
  language: fc.oneof(fc.constantFrom('en', 'es', 'fr', 'zh-Hant'), words),
  consented: fc.boolean(),
  status: fc.constantFrom('active', 'stopped'),
});

test('any input in any stored state gives a turn, and its session is one that can be read again', () => {
  fc.assert(
    fc.property(stored, person, input, (state, who, said) => {
      const before = JSON.parse(JSON.stringify(state)) as Session | null;
      const turn = takeTurn(registry, before, who, said, worldOf(7));
      expect(Array.isArray(turn.events)).toBe(true);
      const after: unknown = JSON.parse(JSON.stringify(turn.session));
      expect(readSession(after) === null).toBe(after === null);
    }),
    SEED,
  );
});

test('whoever is there and has not stopped is told something at every text but a nod or a laugh', () => {
  fc.assert(
    fc.property(stored, words, (state, text) => {
      const before = JSON.parse(JSON.stringify(state)) as Session | null;
      const active: Person = { language: 'en', consented: true, status: 'active' };
      const { events } = takeTurn(registry, before, active, { kind: 'text', text }, worldOf(7));
      const isNod = intentOf(registry.intents, text, ['agree', 'decline', 'none', 'laughter']) !== null;
      expect(isNod || events.length > 0).toBe(true);
    }),
    SEED,
  );
});

test('no turn changes what it was given', () => {
  fc.assert(
    fc.property(stored, person, input, (state, who, said) => {
      const before = JSON.stringify([state, who, said]);
      takeTurn(registry, state as Session, who, said, worldOf(7));
      expect(JSON.stringify([state, who, said])).toBe(before);
    }),
    SEED,
  );
});

test('the shipped flows never fail, whatever is said in them', () => {
  fc.assert(
    fc.property(
      fc.array(
        input.filter((said) => !['begin', 'form'].includes(said.kind)),
        { maxLength: 25 },
      ),
      (said) => {
        const chat = talk(registry, { consented: false });
        chat.commands('start');
        for (const one of said) chat.take(one);
        expect(chat.events.filter((event) => event.kind === 'failed')).toEqual([]);
      },
    ),
    { ...SEED, numRuns: 300 },
  );
});

const wordsFor = (command: string) =>
  Object.entries(registry.messages.words).flatMap(([word, name]) => (name === command ? [word] : []));
const stops = fc.constantFrom(...wordsFor('stop'));
const lastWord: fc.Arbitrary<Input> = fc.oneof(
  stops.map((text): Input => ({ kind: 'text', text: ` ${text.toUpperCase()}! ` })),
  stops.map((name): Input => ({ kind: 'command', name, argument: '' })),
);
/** Their own clear word, with or without a slash: to come back, or to see what is held. */
const isAnswered = (said: Input): boolean => {
  const typed = said.kind === 'command' ? said.name : said.kind === 'text' ? said.text : '';
  const word = plain(typed).replace(/^\//, '');
  if (said.kind === 'begin') return isOpenToStopped(said.flow);
  return (
    isOpenToStopped(word) || ['start', 'back', 'privacy', 'erase'].some((command) => wordsFor(command).includes(word))
  );
};

test('in whatever state, a word for leaving is answered once and stops', () => {
  fc.assert(
    fc.property(stored, person, lastWord, (state, who, word) => {
      const before = JSON.parse(JSON.stringify(state)) as Session | null;
      const { session: after, events } = takeTurn(registry, before, { ...who, status: 'active' }, word, worldOf(7));
      expect(after === null || after.stack.map(({ flow }) => flow).join() === 'stopped').toBe(true);
      expect(events.filter(({ kind }) => kind === 'stopped')).toHaveLength(1);
      expect(events.filter(({ kind }) => kind === 'said')).toHaveLength(1);
    }),
    SEED,
  );
});

test('after whatever was said a word for leaving stops, and then only theirs to come back or to see what is held is answered', () => {
  const inputs = fc.array(input, { maxLength: 12 });
  fc.assert(
    fc.property(inputs, lastWord, inputs, lastWord, (before, word, after, again) => {
      const chat = talk(registry, { consented: false });
      for (const one of before) chat.take(one);
      // Whoever has agreed is asked whether the answers shall still come.
      Object.assign(chat.person, { status: 'active', consented: false });
      chat.take(word);
      expect(chat.person.status).toBe('stopped');
      for (const one of [...after.filter((said) => !isAnswered(said)), again]) expect(chat.take(one)).toEqual([]);
      chat.commands('start', 'privacy');
      expect(chat.person.status).toBe('active');
    }),
    { ...SEED, numRuns: 150 },
  );
});

test('a text never throws, whatever its author or the citizen wrote', () => {
  fc.assert(
    fc.property(words, words, fc.dictionary(words, words), (text, language, values) => {
      expect(typeof format(text, language, values)).toBe('string');
      expect(typeof format({ en: text }, language, values)).toBe('string');
    }),
    SEED,
  );
});

test("citizens' words go through whole, braces and quotes too", () => {
  fc.assert(
    fc.property(fc.oneof(words, fc.constantFrom('{name}', "it's {x", '<b>{', "''{}''")), (said) => {
      expect(format('You wrote: {said}.', 'en', { said })).toBe(`You wrote: ${said}.`);
      expect(format('You wrote: {said}, {nobody}.', 'en', { said })).toBe(`You wrote: ${said}, .`);
    }),
    SEED,
  );
});

test('a condition never throws, and one that is not CEL does not hold', () => {
  const source = fc.oneof(
    words,
    fc.constantFrom('a == b', 'a + 1 > 2', 'size(a) > 1', 'a.b.c', 'a[0]', '1/0 == 1', 'a.matches("(a+)+$")'),
  );
  fc.assert(
    fc.property(source, fc.dictionary(words, answer), (text, known) => {
      expect(typeof holds(text, known)).toBe('boolean');
      expect(evaluate(`${text} ((`, known)).toBeNull();
    }),
    SEED,
  );
});

const SPELLINGS: Record<string, string[]> = { "'": ['’', '‘', 'ʼ', '´', '`', '′'], '-': ['–', '—', '‑', '−'] };
const CASES = [(text: string) => text, (text: string) => text.toUpperCase(), (text: string) => text.toLowerCase()];
const labels = registry.flows.flatMap(({ steps }) =>
  steps.flatMap((step) =>
    'ask' in step && Array.isArray(step.choices)
      ? step.choices.flatMap(({ label }) => (typeof label === 'string' ? [label] : Object.values(label)))
      : [],
  ),
);

test('a button is known by its label, whichever apostrophe, dash, case, accent or picture it is typed with', () => {
  const typed = fc.record({
    label: fc.constantFrom(...labels),
    sign: fc.nat(),
    inCase: fc.constantFrom(...CASES),
    form: fc.constantFrom('NFC', 'NFD', 'bare'),
    around: fc.constantFrom(['', ''], ['« ', ' »'], ['', ' 👍🏽'], ['🙏 ', '!'], ['“', '”'], ['', '.']),
  });
  fc.assert(
    fc.property(typed, ({ label, sign, inCase, form, around: [before, after] }) => {
      const signs = label.replace(/['’]|[-–]/g, (old) => {
        const all = SPELLINGS[/['’]/.test(old) ? "'" : '-'] ?? [];
        return [old, ...all][sign % (all.length + 1)] ?? old;
      });
      const formed = form === 'bare' ? signs.normalize('NFD').replace(/\p{M}/gu, '') : signs.normalize(form);
      expect(plain(`${before}${inCase(formed)}${after}`)).toBe(plain(label));
    }),
    SEED,
  );
});
