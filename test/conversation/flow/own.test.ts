import { describe, expect, test } from 'vitest';
import { busyUntil } from '../../../src/conversation/flow/drafts.ts';
import { createFlowRegistry } from '../../../src/conversation/flow/flowRegistry.ts';
import { parseFlow } from '../../../src/conversation/flow/source/load.ts';
import { languagesWithoutStop, leavingWarnings } from '../../../src/conversation/flow/stopWords.ts';
import { textFor } from '../../../src/core/texts.ts';
import { NO_PREFERENCES } from '../../../src/people/preferences.ts';
import { longerFlows } from '../../support/longer.ts';
import { only, read, type Talk, talk } from '../../support/talk.ts';

const registry = await longerFlows();
const phrase = (key: string): string => textFor(registry.messages.texts[key] ?? key, 'en');
const own = NO_PREFERENCES;
const kept = (person: Talk) => only(person.events, 'kept').map(({ own: parts, words }) => ({ ...parts, words }));

describe('whoever leaves', () => {
  test('is gone at once, and may then have the answers to what they said all the same', () => {
    const person = talk(registry);
    person.commands('idea');
    expect(read(person.says('stop'))).toContain('You will get no more messages');
    expect(person.person.status).toBe('stopped');
    expect(person.labels()).toEqual(['Only the answers']);
    expect(person.says('hello, one more thing about the park')).toEqual([]);
    expect(person.sends('forged:o0')).toEqual([]);
    const events = person.presses('Only the answers');
    expect(read(events)).toContain('only the answers to what you said');
    expect(only(events, 'restarted')).toMatchObject([{ words: 'Only the answers' }]);
    expect(kept(person)).toEqual([{ wants: 'answers', words: 'Only the answers' }]);
    expect(person.person.status).toBe('active');
    expect(person.session()).toBeNull();
  });

  test('can say so in words, long after', () => {
    const person = talk(registry, { language: 'es' });
    person.says('parar');
    person.waits(40 * 86_400_000);
    expect(only(person.says('solo las respuestas'), 'kept')).toHaveLength(1);
  });

  test('is offered nothing where they have said nothing', () => {
    const person = talk(registry, { consented: false });
    expect(read(person.says('stop'))).toContain('use /privacy');
    expect(person.session()).toBeNull();
  });

  test('still sees what is held about them, and nothing else', () => {
    const person = talk(registry);
    person.says('stop');
    expect(only(person.commands('privacy'), 'shown')).toEqual([{ kind: 'shown', what: 'privacy' }]);
    expect(only(person.says('privacidad'), 'shown')).toHaveLength(1);
    for (const name of ['mine', 'idea', 'timeline', 'topics']) expect(person.commands(name)).toEqual([]);
    expect(person.person.status).toBe('stopped');
  });
});

describe('what a person wants to hear about', () => {
  test.each([
    ['Everything', 'all', 'everything: news, questions and reminders'],
    ['Only what matters most', 'critical', 'only what is very important'],
    ['The forum’s answers', 'answers', 'only answers to what you said'],
  ])('%j is kept with its words, and said', (label, wants, says) => {
    const person = talk(registry);
    person.commands('topics');
    expect(read(person.presses(label))).toContain(`From now on you get ${says}.`);
    expect(kept(person)).toEqual([{ wants, topics: [], words: label }]);
  });

  test('are several topics, of the themes and reminders, with what they had before picked already', () => {
    const person = talk(registry, { own: { ...own, wants: 'chosen', topics: ['schools', 'a theme that is gone'] } });
    expect(read(person.commands('topics'))).toContain('Now you get some topics');
    person.presses('Only some topics');
    expect(person.labels()).toEqual(['Health', '✓ Schools', 'Reminders of dates', 'That is all']);
    person.presses('Reminders of dates');
    person.presses('✓ Schools');
    expect(read(person.presses(phrase('done')))).toContain('for everybody, and what is about: Reminders of dates.');
    expect(kept(person)).toEqual([
      { wants: 'chosen', topics: ['reminders'], words: 'Only some topics: Reminders of dates' },
    ]);
  });

  test('may be no topic at all, and the topics of before are kept for another time', () => {
    const person = talk(registry, { own: { ...own, wants: 'chosen', topics: ['health'] } });
    person.commands('topics');
    person.presses('Only what matters most');
    expect(person.person.own).toMatchObject({ wants: 'critical', topics: ['health'] });
    person.commands('topics');
    person.presses('Only some topics');
    person.presses('✓ Health');
    expect(read(person.presses(phrase('done')))).toContain('you get what is for everybody.');
  });

  test('can be said before anything is agreed to: it keeps nothing of what they say', () => {
    const person = talk(registry, { consented: false });
    expect(read(person.commands('topics'))).toContain('Now you get everything');
  });
});

describe('what a person tells about themselves', () => {
  const told = () => talk(registry, { own: { ...own, group: 'left_out', place: 'Lomé' } });

  test('is asked for with its reason and a consent of its own, and each part can be skipped', () => {
    const person = talk(registry);
    expect(read(person.commands('profile'))).toMatch(/who it does not reach.+never published.+skip.+remove/);
    const agreed = only(person.presses(phrase('agree')), 'asked_for_profile');
    expect(agreed).toEqual([{ kind: 'asked_for_profile', agreed: true, version: '2', words: 'I agree' }]);
    person.presses('An association or NGO');
    expect(read(person.presses(phrase('skip')))).toContain('– An association or NGO\n');
    expect(kept(person)).toEqual([{ group: 'cso', place: null, words: 'Skip' }]);
    expect(only(person.events, 'consented')).toEqual([]);
  });

  test('is nothing where they decline or skip it all', () => {
    const person = talk(registry);
    person.commands('profile');
    expect(only(person.says('no'), 'asked_for_profile')).toMatchObject([{ agreed: false, words: 'no' }]);
    expect(person.session()).toBeNull();
    expect(person.person.consented).toBe(true);
    person.commands('profile');
    person.presses(phrase('agree'));
    person.presses(phrase('skip'));
    expect(read(person.presses(phrase('skip')))).toContain('I have kept nothing');
  });

  test('waits until they have agreed to take part', () => {
    const person = talk(registry, { consented: false });
    expect(read(person.commands('profile'))).toContain('Do you agree that we keep and use your words');
    expect(read(person.presses(phrase('agree')))).toContain('May I ask which group');
  });

  test('is shown to them, changed where they answer again, and removed at one press', () => {
    const person = told();
    expect(read(person.commands('profile'))).toContain('– A group often left out\n– Lomé');
    person.presses('Change it');
    person.presses(phrase('skip'));
    person.says('  Kara ');
    expect(kept(person)).toEqual([{ group: 'left_out', place: 'Kara', words: 'Kara' }]);
    person.commands('profile');
    expect(read(person.presses('Remove it'))).toContain('It is deleted');
    expect(kept(person).at(-1)).toEqual({ group: null, place: null, words: 'Remove it' });
    expect(read(person.commands('profile'))).toContain('May I ask');
  });

  test('stays what it was told as, also where it looks like a command of ours', () => {
    const person = talk(registry, { own: { ...own, place: '/stop street' } });
    const [event] = only(person.commands('profile'), 'said');
    expect(event?.message.blocks[0]).toMatchObject({ said: ['/stop street'] });
  });

  test('is chosen from the places of the process, where it lists them', () => {
    const person = talk(registry);
    person.world.process.places = [{ value: 'north', label: { en: 'The north' } }];
    person.commands('profile');
    person.presses(phrase('agree'));
    person.presses(phrase('skip'));
    expect(person.labels()).toEqual(['The north', 'Skip']);
    expect(read(person.says('Atlantis'))).toBe(
      textFor(registry.messages.texts.wrong_choice ?? '', 'en').replace('{count}', '1'),
    );
    expect(read(person.presses('The north'))).toContain('– The north\n');
    expect(person.person.own?.place).toBe('north');
  });

  test('written in sentences where a button was expected is an idea, and not lost', () => {
    const person = talk(registry);
    person.commands('profile');
    expect(read(person.says('The bus should come on Sundays too'))).toContain('Shall I give this to the forum');
  });
});

test('a flow that makes of somebody what nobody can be breaks off visibly, and keeps nothing', () => {
  const text = 'flow: own\nversion: 1\nlanguages: [en]\nsteps:\n  - {id: one, keep: {wants: "1 + 1"}}\n';
  const { source } = parseFlow(text, 'own.flow.yaml');
  const person = talk(createFlowRegistry(source ? [source.flow] : [], registry.messages));
  expect(only(person.commands('own'), 'failed')).toMatchObject([
    { step: 'one', why: expect.stringContaining('wants') },
  ]);
  expect(kept(person)).toEqual([]);
});

test('somebody is busy while something is half-given, and for a quarter of an hour from their last word', () => {
  const person = talk(registry);
  const minutes = () => {
    const until = busyUntil(person.registry, person.session());
    return until === null ? null : (until - person.world.now) / 60_000;
  };
  expect(minutes()).toBeNull();
  person.commands('idea');
  expect(minutes()).toBeNull();
  person.says('A bench in the park');
  expect(minutes()).toBe(15);
  person.waits(600_000);
  expect(minutes()).toBe(5);
  for (const key of ['skip', 'skip', 'skip', 'skip']) person.presses(phrase(key));
  person.presses('No name');
  expect(minutes()).toBe(15);
  person.presses('Send');
  expect(minutes()).toBeNull();
});

test('somebody who adds to a contribution is busy for as long as anybody who writes', () => {
  const person = talk(registry);
  const minutes = () => {
    const until = busyUntil(person.registry, person.session());
    return until === null ? null : (until - person.world.now) / 60_000;
  };
  person.take({ kind: 'begin', flow: 'add', answers: { reference: 'HB-1', what: 'details' } });
  expect(minutes()).toBe(15);
  person.waits(1_200_000);
  expect(minutes()).toBe(-5);
  person.says('Wheelchairs cannot get in');
  expect(minutes()).toBe(15);
  person.commands('idea');
  expect(minutes()).toBeNull();
});

describe('somebody leaves in their own words', () => {
  test.each([
    'СТОП!',
    'توقّف؟',
    'रोक्नुहोस्।',
    'නවත්වන්න',
    'გაჩერდი',
    'aufhören',
    '停止。',
    '수신거부',
    '/parar',
    '/стоп',
    'DAYANDIRIN',
    'ΣΤΑΜΑΤΑ',
  ])('%s', (word) => {
    const person = talk(registry);
    person.commands('idea');
    expect(only(word.startsWith('/p') ? person.commands('parar') : person.says(word), 'stopped')).toHaveLength(1);
    expect(person.says('मलाई थाहा छैन')).toEqual([]);
    expect(only(person.says('започни'), 'restarted')).toHaveLength(1);
  });

  test('and never by those of an answer', () => {
    for (const word of [
      'dur',
      'acha',
      'seis',
      'stad',
      'nis',
      'fermă',
      'basta',
      'alto',
      'أبداً',
      'बाद',
      'para',
      'rete',
    ]) {
      const person = talk(registry);
      person.commands('idea');
      expect(only(person.says(word), 'stopped'), word).toEqual([]);
      expect(person.session()?.stack[0]?.flow, word).toBe('idea');
    }
  });

  test('even where a question offers the word', () => {
    const choices = '[{value: a, label: Stop}, {value: b, label: Back}]';
    const text = `flow: own\nversion: 1\nlanguages: [en]\nsteps:\n  - {id: one, ask: choice, text: What?, choices: ${choices}}\n`;
    const { source } = parseFlow(text, 'own.flow.yaml');
    const person = talk(createFlowRegistry(source ? [source.flow] : [], registry.messages));
    person.commands('own');
    expect(only(person.says('stop'), 'stopped')).toHaveLength(1);
  });

  test('and an organizer is told of languages in which nobody can', () => {
    expect(languagesWithoutStop(registry.messages, ['en', 'es-MX', 'fr'])).toEqual([]);
    expect(languagesWithoutStop(registry.messages, ['en', 'pt', 'gn'])).toEqual([
      { language: 'pt', word: false, texts: true },
      { language: 'gn', word: true, texts: true },
    ]);
    expect(leavingWarnings(registry.messages, ['gn'])).toEqual([
      expect.stringMatching(/"gn".+words: stop:/),
      expect.stringMatching(/"gn".+Translate them/),
    ]);
  });
});
