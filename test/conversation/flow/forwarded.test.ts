import { beforeAll, describe, expect, test } from 'vitest';
import type { FlowRegistry } from '../../../src/conversation/flow/flowRegistry.ts';
import { textFor } from '../../../src/core/texts.ts';
import { longerFlows } from '../../support/longer.ts';
import { only, read, type Talk, talk } from '../../support/talk.ts';

let registry: FlowRegistry;
beforeAll(async () => {
  registry = await longerFlows();
});

const phrase = (key: string): string => textFor(registry.messages.texts[key] ?? key, 'en');
const passesOn = (person: Talk, text: string) => person.take({ kind: 'text', text, messageId: '1', forwarded: true });

describe('forwarded words', () => {
  test.each([
    ['en', 'You forwarded:', 'You wrote and forwarded:'],
    ['es', 'Usted reenvió:', 'Usted escribió y reenvió:'],
    ['fr', 'Vous avez transféré :', 'Vous avez écrit et transféré :'],
  ])('are read back as what they are, in %s', (language, all, some) => {
    const person = talk(registry, { language });
    expect(read(passesOn(person, 'Close the harbour road'))).toContain(`${all}\n\nClose the harbour road`);
    expect(read(passesOn(person, 'It is too loud'))).toContain(`${all}\n\nClose the harbour road\n\nIt is too loud`);
    expect(read(person.says('I think so too, at night'))).toContain(`${some}\n\nClose`);
    expect(read(passesOn(person, 'And by day it is worse'))).toContain(`${some}\n\nClose`);
  });

  test('of which some are their own are read back as both', () => {
    const text = 'I think so too\n\n> Close the harbour road';
    const message = talk(registry).take({ kind: 'text', text, messageId: '1', forwarded: 'some' });
    expect(read(message)).toContain(`You wrote and forwarded:\n\n${text}`);
  });

  test('are so too after consent', () => {
    const person = talk(registry, { consented: false });
    passesOn(person, 'Close the harbour road');
    expect(read(person.presses(phrase('agree')))).toContain('You forwarded:');
    const later = talk(registry, { consented: false });
    later.commands('start');
    passesOn(later, 'Close the harbour road');
    later.says('I think so too, at night');
    expect(read(later.presses(phrase('agree')))).toContain('You wrote and forwarded:');
  });

  test('are marked in the record', () => {
    const person = talk(registry);
    passesOn(person, 'Close the harbour road');
    expect(only(person.presses('Yes, without a name'), 'contributed')).toMatchObject([
      { contribution: { text: 'Close the harbour road', fields: { forwarded: 'all' } } },
    ]);
  });

  test('are not taken for what was written before or comes after', () => {
    const person = talk(registry);
    passesOn(person, 'Close the harbour road');
    person.presses('No, I was just talking');
    expect(read(person.says('A bench in the park'))).toContain('You wrote:');
  });
});

/** Blank on every screen. */
const UNSEEN = ['\u200b', '\u2800', '\u3164', '\u00ad', '\u200d\ufe0f', '\u2060 \n\u00a0', '\u{e0061}'];

describe.each(UNSEEN.map((text) => [escape(text), text] as const))('a text of %s alone', (_, text) => {
  test('is no answer', () => {
    const person = talk(registry);
    person.commands('idea');
    expect(read(person.says(text))).not.toBe('');
    expect(person.session()?.answers).toEqual({});
    person.says('A bench');
    expect(read(person.says(text))).toContain(phrase('wrong_empty'));
    expect(person.session()?.answers).toEqual({ idea: 'A bench' });
  });

  test.each([true, false])('begins nothing where nothing is open (agreed before: %s)', (consented) => {
    const person = talk(registry, { consented });
    expect(read(person.says(text))).toBe(phrase('wrong_empty'));
    expect(person.session()).toBeNull();
  });

  test('is no words under a photo, and no field of a form', () => {
    const attachment = { kind: 'photo' as const, ref: 'p', mime: null, name: null, size: 9 };
    const person = talk(registry);
    expect(read(person.take({ kind: 'media', attachment, caption: text }))).toContain('You sent a photo. ');
    expect(only(person.presses('Yes, without a name'), 'contributed')).toMatchObject([
      { contribution: { text: '', attachments: [attachment] } },
    ]);
    person.take({ kind: 'form', form: 'idea', fields: { idea: 'Mend the bridge', problem: text } });
    expect(person.session()?.answers.problem).toBeUndefined();
  });
});
