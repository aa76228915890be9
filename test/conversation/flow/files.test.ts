import { beforeAll, describe, expect, test } from 'vitest';
import type { FlowRegistry } from '../../../src/conversation/flow/flowRegistry.ts';
import type { Attachment } from '../../../src/core/inbound.ts';
import { longerFlows } from '../../support/longer.ts';
import { only, read, type Talk, talk } from '../../support/talk.ts';

let registry: FlowRegistry;
beforeAll(async () => {
  registry = await longerFlows();
});

const photo = (number: number): Attachment => ({
  kind: 'photo',
  ref: `photo-${number}`,
  mime: 'image/jpeg',
  name: null,
  size: 9,
});

const sends = (person: Talk, number: number, album?: string, caption = '') =>
  person.take({ kind: 'media', attachment: photo(number), caption, ...(album !== undefined && { album }) });

/** Presses the first button of everything until something is contributed. */
function contributed(person: Talk) {
  for (let step = 0; step < 10; step++) {
    const [made] = only(person.events, 'contributed');
    if (made) return made.contribution;
    person.sends(person.buttons().find(({ data }) => data.endsWith(':s'))?.data ?? person.buttons()[0]?.data ?? '');
  }
  throw new Error('Nothing was contributed.');
}

const refs = (files: Attachment[]) => files.map((file) => file.ref);

test('an album sent as an idea is one idea with all its photos, and is asked about once', () => {
  const person = talk(registry);
  person.take({ kind: 'begin', flow: 'idea', answers: {} });
  expect(read(sends(person, 1, 'a'))).toContain('Which problem');
  expect(sends(person, 2, 'a')).toEqual([]);
  expect(sends(person, 3, 'a')).toEqual([]);
  const { text, attachments } = contributed(person);
  expect([text, refs(attachments)]).toEqual(['', ['photo-1', 'photo-2', 'photo-3']]);
});

test('an album with words under its first photo keeps the words and the photos', () => {
  const person = talk(registry);
  person.take({ kind: 'begin', flow: 'idea', answers: {} });
  sends(person, 1, 'a', 'This bridge is broken');
  sends(person, 2, 'a');
  const { text, attachments } = contributed(person);
  expect([text, refs(attachments)]).toEqual(['This bridge is broken', ['photo-1', 'photo-2']]);
});

test('an album where nothing is open becomes one contribution', () => {
  const person = talk(registry);
  expect(read(sends(person, 1, 'a'))).toContain('You sent photos. ');
  expect(sends(person, 2, 'a')).toEqual([]);
  expect(refs(contributed(person).attachments)).toEqual(['photo-1', 'photo-2']);
});

test('an album where words are asked for is answered once, and all of it is asked about afterwards', () => {
  const person = talk(registry);
  person.take({ kind: 'begin', flow: 'idea', answers: {} });
  person.says('A bench in the park');
  expect(read(sends(person, 1, 'a'))).toContain('I have kept what you sent');
  expect(sends(person, 2, 'a')).toEqual([]);
  expect(person.session()?.later).toMatchObject([
    { flow: 'loose', answers: { files: [{ ref: 'photo-1' }, { ref: 'photo-2' }] } },
  ]);
});

test('a file, then words, then another file where nothing is open gather in one contribution', () => {
  const person = talk(registry);
  sends(person, 1);
  person.says('This is about the bridge');
  sends(person, 2, undefined, 'And this is the other side');
  const { text, attachments } = contributed(person);
  expect(text).toBe('This is about the bridge\n\nAnd this is the other side');
  expect(refs(attachments)).toEqual(['photo-1', 'photo-2']);
});

test.each([
  ['en', 'You wrote:\n\nThe bridge\n\nYou also sent a photo. Shall I'],
  ['es', 'Usted escribió:\n\nThe bridge\n\nTambién envió una foto. ¿Lo entrego'],
  ['fr', 'Vous avez écrit :\n\nThe bridge\n\nVous avez aussi envoyé une photo. Dois-je'],
])('what came with loose words is named in the question about them, in %s', (language, words) => {
  expect(read(sends(talk(registry, { language }), 1, undefined, 'The bridge'))).toContain(words);
});

test('several files are named by their kinds, and words alone have none beside them', () => {
  const person = talk(registry);
  expect(read(person.says('The bridge is broken'))).not.toContain('You also sent');
  sends(person, 1);
  const voice: Attachment = { kind: 'voice', ref: 'v', mime: 'audio/ogg', name: null, size: 9 };
  expect(read(person.take({ kind: 'media', attachment: voice, caption: '' }))).toContain(
    'a photo and a voice message. ',
  );
  expect(read(sends(person, 2))).toContain('You also sent photos and a voice message. ');
});

test('a voice message at a menu is kept, not corrected', () => {
  const person = talk(registry);
  person.commands('start');
  expect(read(sends(person, 1))).toContain('You sent a photo. ');
  expect(refs(contributed(person).attachments)).toEqual(['photo-1']);
});

test('who has not agreed yet keeps the file that they began with', () => {
  const person = talk(registry, { consented: false });
  sends(person, 1, 'a');
  sends(person, 2, 'a');
  expect(refs(contributed(person).attachments)).toEqual(['photo-1', 'photo-2']);
});

test('the words under a later photo of an album are kept with the others', () => {
  const person = talk(registry);
  person.take({ kind: 'begin', flow: 'idea', answers: {} });
  sends(person, 1, 'a', 'This bridge is broken');
  sends(person, 2, 'a', 'and this one too');
  expect(contributed(person).text).toBe('This bridge is broken\n\nand this one too');
});

describe('the words under the second photo of an album alone', () => {
  test.each([
    ['idea', {}],
    ['question', { question_id: 'q', question_text: 'Which bridge?' }],
  ])('are those of the album, in the flow %s', (flow, answers) => {
    const person = talk(registry);
    person.take({ kind: 'begin', flow, answers });
    sends(person, 1, 'a');
    expect(sends(person, 2, 'a', 'This bridge is broken')).toEqual([]);
    expect(sends(person, 3, 'a')).toEqual([]);
    const { text, attachments } = contributed(person);
    expect([text, refs(attachments)]).toEqual(['This bridge is broken', ['photo-1', 'photo-2', 'photo-3']]);
  });

  test('are asked about with it where nothing was open', () => {
    const person = talk(registry);
    sends(person, 1, 'a');
    expect(read(sends(person, 2, 'a', 'This bridge is broken'))).toContain('You wrote:\n\nThis bridge is broken');
    expect(sends(person, 3, 'a')).toEqual([]);
    const { text, attachments } = contributed(person);
    expect([text, refs(attachments)]).toEqual(['This bridge is broken', ['photo-1', 'photo-2', 'photo-3']]);
  });

  test('wait with it for consent', () => {
    const person = talk(registry, { consented: false });
    sends(person, 1, 'a');
    sends(person, 2, 'a', 'This bridge is broken');
    expect(read(person.presses('I agree'))).toContain('This bridge is broken');
    const { text, attachments } = contributed(person);
    expect([text, refs(attachments)]).toEqual(['This bridge is broken', ['photo-1', 'photo-2']]);
  });

  test('are shown at once where the album is shown', () => {
    const person = talk(registry);
    person.take({ kind: 'begin', flow: 'idea', answers: {} });
    person.says('A bench');
    for (const label of ['Skip', 'Skip', 'Skip', 'Skip', 'No name', 'Change something', 'The idea'])
      person.presses(label);
    expect(read(sends(person, 1, 'a'))).toContain('send:\n\nphotos\n');
    expect(read(sends(person, 2, 'a', 'This bridge is broken'))).toContain('This bridge is broken');
  });
});

test('a photo that came with an idea stays with it when its words are changed', () => {
  const person = talk(registry);
  person.take({ kind: 'begin', flow: 'idea', answers: {} });
  sends(person, 1, undefined, 'This bridge is broken');
  for (let skipped = 0; skipped < 4; skipped++) person.presses('Skip');
  expect(read(person.presses('No name'))).toContain('With it: a photo');
  person.presses('Change something');
  person.presses('The idea');
  person.says('This old bridge is broken');
  person.presses('Send');
  const { text, attachments } = contributed(person);
  expect([text, refs(attachments)]).toEqual(['This old bridge is broken', ['photo-1']]);
});
