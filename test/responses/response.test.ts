import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONTRIBUTION_STATES } from '../../src/contributions/contribution.ts';
import { type Count, ledger } from '../../src/contributions/ledger.ts';
import { loadPhrases } from '../../src/core/loadPhrases.ts';
import { readAction, readReplyAction, replyAction, signAction } from '../../src/core/signedButtons.ts';
import { shorten } from '../../src/core/split.ts';
import { DECISIONS, ELEMENTS, type StoredResponse } from '../../src/responses/decision.ts';
import { decisionOf, missingElements, type ResponseItem, responseMessages } from '../../src/responses/response.ts';
import { checkRows } from '../../src/responses/sheet/check.ts';
import { readSheet } from '../../src/responses/sheet/reading.ts';
import type { KnownContribution } from '../../src/responses/sheet/rows.ts';
import { SHEET_COLUMNS } from '../../src/responses/sheet/sheet.ts';

const decision = fc.constantFrom(...DECISIONS);
const words = fc.string({ minLength: 1 }).filter((text) => text.replaceAll('\0', '').trim() !== '');
const header = ['reference', 'decision', ...ELEMENTS];
const received: KnownContribution = {
  ...{ id: 'c1', reference: 'HB-AB12', text: 'words', state: 'received', version: 2, reads: 'en' },
  ...{ attachments: [], latest: null, told: false, last: 0, decisions: 0 },
};
const check = (rows: string[][], known: KnownContribution[] = [received], columns = header) => {
  const sheet = readSheet({ header: columns, rows });
  const { decisions, errors } = checkRows(sheet, new Map(known.map((one) => [one.reference, one])));
  return { ...sheet, decisions, errors: [...sheet.errors, ...errors] };
};
const full = ['i', 'c', 'f', 'r', 'b'];

describe('a reasoned response', () => {
  test('that lacks any element is refused, whatever the decision, and each one is named', () => {
    fc.assert(
      fc.property(
        decision,
        fc.tuple(words, words, words, words, words),
        fc.subarray([0, 1, 2, 3, 4], { minLength: 1 }),
        fc.constantFrom('', ' ', '\n\t', '\0'),
        (word, elements, lacking, blank) => {
          const cells = elements.map((text, place) => (lacking.includes(place) ? blank : text));
          const { decisions, errors } = check([['HB-AB12', word, ...cells]]);
          expect(decisions).toEqual([]);
          expect(errors.map((error) => error.column)).toEqual(lacking.map((place) => ELEMENTS[place]));
        },
      ),
    );
  });
  test('with all five is taken, whatever the decision', () => {
    fc.assert(
      fc.property(decision, fc.tuple(words, words, words, words, words), (word, elements) => {
        const { decisions, errors } = check([['hb-ab12', word, ...elements]]);
        expect(errors).toEqual([]);
        expect(decisions[0]).toMatchObject({ decision: word, contributionId: 'c1', number: 1, effect: 'new' });
        expect(missingElements(decisions[0] ?? {})).toEqual([]);
      }),
    );
  });
  test.each([
    ['Inclusión', 'inclusion'],
    [' INCLUDED ', 'inclusion'],
    ['inclus', 'inclusion'],
    ['Enmienda', 'amendment'],
    ['amendé', 'amendment'],
    ['included with changes', 'amendment'],
    ['Rechazo', 'rejection'],
    ['rejetée', 'rejection'],
    ['perhaps', null],
    ['', null],
    ['constructor', null],
  ])('reads "%s" as %s', (word, expected) => expect(decisionOf(word)).toBe(expected));
});

describe('a working sheet', () => {
  test('tells every error with the row and column that people see', () => {
    const rows = [
      ['HB-AB12', 'maybe', ...full],
      ['', '', '', '', '', '', ''],
      ['HB-NONE', 'inclusion', ...full],
      ['HB-GONE', 'rejection', ...full],
      ['', 'rejection', ...full],
      ['HB-AB12', '', 'i', '', '', '', ''],
    ];
    const gone: KnownContribution = { ...received, id: 'c2', reference: 'HB-GONE', state: 'withdrawn' };
    const { errors } = check(rows, [received, gone]);
    expect(errors.map(({ row, column }) => `${row} ${column}`)).toEqual([
      ...['2 decision', '4 reference', '5 decision', '6 reference', '7 decision', '7 considered', '7 influence'],
      ...['7 reason', '7 beyond', '7 reference'],
    ]);
  });
  test('finds columns in any order and case, and says which it left aside', () => {
    const columns = [
      'Beyond',
      ' REASON ',
      'colour',
      'influence',
      'considered',
      'input',
      'Decision',
      'Reference',
      'attribution_name',
    ];
    const { decisions, notes, errors } = check(
      [['b', 'r', 'red', 'f', 'c', 'i', 'rejet', 'HB-AB12', 'x']],
      undefined,
      columns,
    );
    expect(errors).toEqual([]);
    expect(notes).toEqual(['Column "colour" is not one of the working sheet\'s and was left aside.']);
    expect(decisions[0]).toMatchObject({ decision: 'rejection', input: 'i', beyond: 'b' });
  });
  test('without one of its columns, or with one twice, is refused as a whole', () => {
    expect(check([], [], header.slice(1)).errors).toMatchObject([{ row: 1, column: 'reference' }]);
    expect(check([], [], [...header, 'Reason']).errors).toMatchObject([{ row: 1, column: 'Reason' }]);
  });
  test('refuses a text that ran over its cell', () => {
    expect(check([['HB-AB12', 'inclusion', ...full, 'and more']]).errors).toMatchObject([{ row: 2, column: '8' }]);
  });
  test('refuses a decision on words that their author has changed since, and takes sheets that do not say', () => {
    const versions = (columns: string[], cells: string[]) =>
      check([['HB-AB12', 'inclusion', ...full, ...cells]], undefined, [...header, ...columns]).errors;
    expect(versions(['Version'], ['1'])).toEqual([
      {
        row: 2,
        column: 'version',
        message:
          'HB-AB12 was changed by its author after the sheet was exported; export it again and read the new words.',
      },
    ]);
    expect(versions(['version'], ['none'])).toHaveLength(1);
    expect(versions(['version', 'Version'], ['2', '1'])).toMatchObject([{ row: 1, column: 'Version' }]);
    for (const cells of [['2'], ['2.0'], [''], [' ']]) expect(versions(['version'], cells)).toEqual([]);
    expect(versions([], [])).toEqual([]);
  });
  test('takes a line that is there twice once, and refuses two that differ', () => {
    const row = ['HB-AB12', 'inclusion', ...full];
    expect(check([row, ['HB-AB12', 'Included', ...full]])).toMatchObject({ errors: [], decisions: [{ number: 1 }] });
    expect(check([row, ['HB-AB12', 'rejection', ...full]]).errors).toMatchObject([{ row: 3, column: 'reference' }]);
  });
  test('knows what a decision changes', () => {
    const latest = {
      id: 'r',
      contributionId: 'c1',
      number: 2,
      decision: 'inclusion',
      input: 'i',
      considered: 'c',
      influence: 'f',
      reason: 'r\nr',
      beyond: 'b',
      state: 'delivered',
    } as StoredResponse;
    const effect = (reason: string, state: StoredResponse['state']) =>
      check(
        [['HB-AB12', 'inclusion', 'i', 'c', 'f', reason, 'b']],
        [{ ...received, last: 2, latest: { ...latest, state } }],
      ).decisions[0];
    expect(effect(' r\r\nr ', 'delivered')).toMatchObject({ effect: 'unchanged' });
    expect(effect('new', 'delivered')).toMatchObject({ effect: 'superseding', number: 3 });
    expect(effect('new', 'approved')).toMatchObject({ effect: 'changed', number: 3 });
  });
  test('never throws, whatever is in it', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom(...SHEET_COLUMNS, '__proto__', 'HB-AB12', 'inclusion'));
    fc.assert(
      fc.property(fc.array(cell), fc.array(fc.array(cell)), (columns, rows) => void check(rows, undefined, columns)),
    );
  });
});

const phrases = (key: string, values: object = {}) => `${key}${JSON.stringify(values)}`;
const item = (id: string, text = 'words'): ResponseItem => ({
  id,
  reference: `HB-${id}`,
  kind: 'idea',
  text,
  attachments: [],
  earlier: null,
  decision: 'rejection',
  input: 'i',
  considered: 'c',
  influence: 'f',
  reason: 'r',
  beyond: 'b',
});

describe('the message that brings it', () => {
  test('begins with the decision, quotes the words and gives the five elements in order', () => {
    const [message, ...more] = responseMessages([item('1')], phrases, (action) => action);
    expect(more).toEqual([]);
    expect(message?.blocks[0]).toEqual({ kind: 'heading', text: 'response_decision_rejection{"kind":"idea"}' });
    expect(message?.blocks.filter((block) => block.kind === 'quote')).toEqual([{ kind: 'quote', text: 'words' }]);
    const texts = message?.blocks.map((block) => block.text) ?? [];
    expect(texts.filter((text) => ['i', 'c', 'f', 'r', 'b'].includes(text))).toEqual(['i', 'c', 'f', 'r', 'b']);
    expect(message?.choices?.map((choice) => choice.data)).toEqual(['r:1:c', 'r:1:q', 'r:1:d', 'r:1:m']);
  });
  test('of a correction says what is different, by the headings below', () => {
    const { id, reference, kind, text, earlier: _, ...said } = item('1');
    const texts = (earlier: ResponseItem['earlier']) =>
      responseMessages([{ ...item('1'), earlier }], phrases, (action) => action)[0]?.blocks.map((block) => block.text);
    expect(texts({ ...said, decision: 'inclusion', reason: 'other' })).toContain(
      'response_replaces{} response_different{}\n– response_was_inclusion{}\n– response_element_reason{}',
    );
    expect(texts({ ...said, input: ' i\r\n' })).toContain('response_replaces{}');
    expect(texts(null)?.join()).not.toContain('response_replaces');
  });
  test('is one for each of several, each with its own buttons, after one that says how many are in the plan', () => {
    const items = [item('1'), { ...item('2'), decision: 'inclusion' as const }, item('3')];
    const [overview, ...answers] = responseMessages(items, phrases, (action) => action);
    expect(overview?.blocks[0]?.text).toBe('response_overview{"yes":1,"no":2,"ideas":"yes"}');
    expect(overview?.choices).toBeUndefined();
    expect(answers.map(({ responses }) => responses)).toEqual([['1'], ['2'], ['3']]);
    expect(answers.map(({ choices = [] }) => choices.map(({ data }) => data))).toEqual(
      ['1', '2', '3'].map((id) => [`r:${id}:c`, `r:${id}:q`, `r:${id}:d`, `r:${id}:m`]),
    );
    expect(responseMessages(items.slice(1), phrases, (action) => action, { goesOn: true })).toEqual(answers.slice(1));
  });
  test.each([
    [
      'en',
      'Your answer is in the plan, with changes',
      [
        '2 of your ideas are in the plan, 3 are not',
        '1 of the things you said is in the plan, 1 is not',
        'None of your ideas is in the plan',
        'Both of your ideas are in the plan',
        'All 3 of the things you said are in the plan',
      ],
    ],
    [
      'es',
      'Su respuesta está en el plan, con cambios',
      [
        '2 de sus ideas están en el plan, 3 no están',
        '1 de las cosas que usted dijo está en el plan, 1 no está',
        'Ninguna de sus ideas está en el plan',
        'Sus 2 ideas están en el plan',
        'Las 3 cosas que usted dijo están en el plan',
      ],
    ],
    [
      'fr',
      'Votre avis est dans le plan, avec des changements',
      [
        '2 de vos idées sont dans le plan, 3 n’y sont pas',
        '1 de vos propositions est dans le plan, 1 n’y est pas',
        'Aucune de vos idées n’est dans le plan',
        'Vos 2 idées sont dans le plan',
        'Les 3 choses que vous avez dites sont dans le plan',
      ],
    ],
  ])('says the decision in plain words in %s', async (language, decision, overviews) => {
    const say = (await loadPhrases('flows/notices.yaml'))(language);
    expect(say('response_decision_amendment', { kind: 'answer' })).toBe(decision);
    const counts = [
      { yes: 2, no: 3, ideas: 'yes' },
      { yes: 1, no: 1, ideas: 'no' },
      { yes: 0, no: 3, ideas: 'yes' },
      { yes: 2, no: 0, ideas: 'yes' },
      { yes: 3, no: 0, ideas: 'no' },
    ];
    expect(counts.map((count) => say('response_overview', count))).toEqual(overviews);
  });
  test('shortens only long words, between letters and with a mark', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.integer({ min: 2, max: 60 }), (text, most) => {
        const short = shorten(text, most);
        if (short === text) return;
        expect(text.startsWith(short.slice(0, -1))).toBe(true);
        expect(short).not.toMatch(/\p{Cs}/u);
        expect([...new Intl.Segmenter().segment(short)].length).toBeLessThanOrEqual(most);
      }),
    );
    expect(shorten('x'.repeat(700), 700)).toBe('x'.repeat(700));
    expect(shorten('👩‍👩‍👧'.repeat(701), 700)).toBe(`${'👩‍👩‍👧'.repeat(699)}…`);
  });
});

describe('a signed button', () => {
  const id = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
  test('fits 64 bytes and reads back for its person alone', () => {
    const data = signAction('secret', 'telegram:1:2', replyAction(id, 'disagree'));
    expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64);
    const action = readAction('secret', 'telegram:1:2', data);
    expect(readReplyAction(action ?? '')).toEqual({ responseId: id, reply: 'disagree' });
    expect(readAction('secret', 'telegram:1:3', data)).toBeNull();
    expect(readAction('other', 'telegram:1:2', data)).toBeNull();
  });
  test('takes actions with dots in their ids, and refuses every forgery', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 15 }), fc.string(), fc.string(), (action, key, forged) => {
        expect(readAction('s', key, signAction('s', key, action))).toBe(action);
        expect(readAction('s', key, forged)).toBeNull();
        expect(readAction('s', key, `a.${forged}`)).toBeNull();
      }),
    );
  });
  test('that would not fit is a fault at once', () => {
    expect(() => signAction('s', 'k', `flow:${'x'.repeat(60)}`)).toThrow(/64 fit/);
  });
});

describe('the ledger', () => {
  const count = fc.record<Count>({
    kind: fc.constantFrom('idea', 'answer', 'comment'),
    state: fc.constantFrom(...CONTRIBUTION_STATES),
    settled: fc.boolean(),
    unreachable: fc.boolean(),
    count: fc.integer({ min: 1, max: 1000 }),
  });
  test('counts everything once, and what is owed is what nobody has finished', () => {
    fc.assert(
      fc.property(fc.array(count), (counts) => {
        const registry = ledger(counts);
        const sum = (some: Count[]) => some.reduce((total, one) => total + one.count, 0);
        expect(registry.total).toBe(sum(counts));
        expect(registry.rows.flatMap((row) => Object.values(row.states)).reduce((a, b) => a + b, 0)).toBe(
          registry.total,
        );
        const open = counts.filter(
          (one) => !one.settled && !['delivered', 'withdrawn', 'set_aside'].includes(one.state),
        );
        expect(registry.open).toBe(sum(open));
        expect(
          registry.rows.every((row) => row.unreachable <= Object.values(row.owed).reduce((a, b) => a + b, 0)),
        ).toBe(true);
      }),
    );
  });
});
