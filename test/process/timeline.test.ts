import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { loadPhrases } from '../../src/core/loadPhrases.ts';
import { plainText } from '../../src/core/message.ts';
import { DEFAULT_PROCESS, type ProcessDefinition, parseProcess } from '../../src/process/process.ts';
import { timelineInShort, wholeTimeline } from '../../src/process/timeline.ts';

const FILE = 'flows/example.process.yaml';
const example = parseProcess(readFileSync(FILE, 'utf8'), FILE);
const phrasesIn = await loadPhrases('flows/chat.yaml');
const read = (process: ProcessDefinition, language: string, moment: string) =>
  plainText({ blocks: wholeTimeline(process, { language, phrases: phrasesIn(language), now: Date.parse(moment) }) });

const short = (change: Partial<ProcessDefinition> = {}): ProcessDefinition => ({
  ...DEFAULT_PROCESS,
  name: 'Plan',
  timeZone: 'America/Mexico_City',
  stages: [
    {
      id: 'one',
      title: 'Ideas',
      opens: '2027-02-01',
      closes: '2027-03-14',
      what: 'Send ideas.',
      why: 'To hear you',
      who: 'You',
    },
    {
      id: 'two',
      title: 'Draft',
      opens: '2027-03-15',
      closes: '2027-04-11',
      what: 'Read it.',
      who: 'The forum',
      how: 'Here',
    },
  ],
  ...change,
});

describe('the timeline', () => {
  test('marks what is open now and says until when', () => {
    expect(read(short(), 'en', '2027-03-01T12:00Z')).toBe(
      'Plan\n\nIdeas\n\nOpen now, until Sunday 14 March.\nSend ideas.\nWhy: To hear you\nWho: You\n\n' +
        'Draft\n\nFrom Monday 15 March to Sunday 11 April\nRead it.\nWho: The forum',
    );
  });

  test('is short about what is over', () => {
    expect(read(short(), 'en', '2027-04-01T12:00Z')).toBe(
      'Plan\n\nIdeas: ended on Sunday 14 March\n\nDraft\n\nOpen now, until Sunday 11 April.\nRead it.\nWho: The forum\nHow: Here',
    );
    expect(read(short(), 'en', '2028-01-01T12:00Z')).toBe(
      'Plan\n\nIdeas: ended on Sunday, 14 March 2027\nDraft: ended on Sunday, 11 April 2027',
    );
  });

  test('says why and how only while it is open', () => {
    const lines = (moment: string) => read(short(), 'en', moment).split('\n');
    expect(lines('2027-01-01T12:00Z')).not.toContain('Why: To hear you');
    expect(lines('2027-03-01T12:00Z')).not.toContain('How: Here');
  });

  test('turns at midnight of the process, not of the server', () => {
    const lines = (moment: string) => read(short(), 'en', moment).split('\n');
    expect(lines('2027-03-15T05:59:59Z')).toContain('Open now, until Sunday 14 March.');
    expect(lines('2027-03-15T06:00:00Z')).toContain('Ideas: ended on Sunday 14 March');
    expect(lines('2027-03-15T06:00:00Z')).toContain('Open now, until Sunday 11 April.');
  });

  test('closes at its hour on the day on which the clocks change', () => {
    const stage = { id: 'one', title: 'Ideas', opens: '2027-03-01', closes: '2027-03-28T18:00' };
    const process = short({ timeZone: 'Europe/Madrid', stages: [stage] });
    expect(read(process, 'en', '2027-03-28T15:59:59Z')).toContain('Open now, until Sunday 28 March at 18:00.');
    expect(read(process, 'en', '2027-03-28T16:00:00Z')).not.toContain('Open now');
  });

  test('gives the hour of a meeting with its zone, and only its day once the day is over', () => {
    const events = [{ id: 'e', title: 'Opening', at: '2027-03-04T18:00', where: 'Town hall' }];
    const process = short({ stages: [], events, timeZone: 'Europe/Madrid' });
    expect(read(process, 'en', '2027-03-04T22:59Z')).toMatch(
      /^Plan\n\nMeetings\n\nOpening: Thursday 4 March at 18:00\nTown hall\n\nTimes are those of Madrid\.$/,
    );
    expect(read(process, 'en', '2027-03-04T23:00Z')).toBe('Plan\n\nMeetings\n\nOpening: was on Thursday 4 March');
  });

  test('names a single day once, and other years', () => {
    const stages = [{ id: 'one', title: 'Day', opens: '2028-01-01', closes: '2028-01-01' }];
    expect(read(short({ stages }), 'fr', '2027-03-01T12:00Z')).toBe('Plan\n\nDay\n\nLe samedi 1er janvier 2028');
  });

  test('says by when everyone is answered, until that day is over', () => {
    const process = short({ hearBackBy: '2027-06-30' });
    expect(read(process, 'en', '2027-06-30T12:00Z')).toContain('gets an answer here by Wednesday 30 June.');
    expect(read(process, 'en', '2027-07-01T06:00Z')).not.toContain('gets an answer');
  });

  test('shows ways to take part with their stage, in full while it is open, and none that is over', () => {
    const way = { mode: 'remote', synchronous: false } as const;
    const process = short({
      opportunities: [
        { id: 'a', title: 'Chat', stage: 'one', ...way, how: 'Write to us' },
        { id: 'b', title: 'Table', stage: 'one', mode: 'in_person', synchronous: true, opens: '2027-03-10' },
        { id: 'c', title: 'Form', stage: 'two', ...way, how: 'Fill it in' },
        { id: 'd', title: 'Phone', ...way, closes: '2027-06-01', link: 'https://example.org' },
      ],
    });
    expect(read(process, 'en', '2027-03-01T12:00Z')).toBe(
      'Plan\n\nIdeas\n\nOpen now, until Sunday 14 March.\nSend ideas.\nWhy: To hear you\nWho: You\n' +
        '– Chat (online, at any time): Write to us.\n– Table (in person, at a set time): from Wednesday 10 March\n\n' +
        'Draft\n\nFrom Monday 15 March to Sunday 11 April\nRead it.\nWho: The forum\n– Form (online, at any time)\n\n' +
        'How to take part\n\n– Phone (online, at any time): Until Tuesday 1 June.\nhttps://example.org',
    );
    expect(read(process, 'en', '2027-07-01T12:00Z')).not.toContain('Phone');
    const french = read(process, 'fr', '2027-03-01T12:00Z');
    expect(french).toContain('Chat (en ligne, à toute heure) : Write to us.');
    expect(french).toContain('Table (sur place, à une heure fixe) : à partir du mercredi 10 mars');
  });

  test('says of a meeting that it does not take place, what it is about, and when it is over', () => {
    const event = {
      id: 'e',
      title: 'Opening',
      at: '2027-03-04T18:00',
      duration: 'PT2H',
      mode: 'hybrid',
      what: 'All',
    } as const;
    const process = short({ stages: [], events: [event], timeZone: 'Europe/Madrid' });
    expect(read(process, 'en', '2027-03-04T18:59Z')).toMatch(
      /18:00\nin person or online\nAll\n\nTimes are those of Madrid\.$/,
    );
    expect(read(process, 'en', '2027-03-04T19:00Z')).toBe('Plan\n\nMeetings\n\nOpening: was on Thursday 4 March');
    const off = short({ stages: [], events: [{ ...event, cancelled: true }], timeZone: 'Europe/Madrid' });
    expect(read(off, 'fr', '2027-03-01T12:00Z')).toContain('Opening (jeudi 4 mars) : n’a pas lieu');
  });

  test('does not name the city of the process to whose clock is the same', () => {
    const events = [{ id: 'e', title: 'Opening', at: '2027-03-04T18:00' }];
    const reader = { language: 'en', phrases: phrasesIn('en'), now: Date.parse('2027-03-01'), zone: 'Europe/Madrid' };
    const blocks = wholeTimeline(short({ stages: [], events, timeZone: 'Europe/Madrid' }), reader);
    expect(plainText({ blocks })).toBe('Plan\n\nMeetings\n\nOpening: Thursday 4 March at 18:00');
  });

  test('says so when nothing is fixed', () => {
    expect(read(DEFAULT_PROCESS, 'es', '2027-03-01')).toContain('Todavía no hay fechas.');
  });

  test.each([
    [
      'en',
      'Sixth Open Government Action Plan\n\nNow\n\nIdeas from everyone, until Sunday 14 March\n' +
        'Send ideas and answer the question here in the chat.\n\nNext\n\nReading and sorting, from Monday 15 March\n\n' +
        'Meetings\n\n– Workshop: public money, Thursday 15 April at 17:30. Central library · in person\n' +
        '– Workshop: health, Thursday 22 April at 17:30. Video call · online\n' +
        '– Hearing on the draft, Thursday 20 May at 18:00. Town hall and online · in person or online\n\n' +
        'Everyone who takes part gets an answer here by Wednesday 30 June.\n\nTimes are those of Madrid.',
    ],
    [
      'fr',
      'Sixième plan d’action pour un gouvernement ouvert\n\nEn ce moment\n\nLes idées de tous, jusqu’au dimanche 14 mars\n' +
        'Envoyez des idées et répondez à la question ici.\n\nEnsuite\n\nLecture et tri, à partir du lundi 15 mars\n\n' +
        'Réunions\n\n– Atelier : argent public, jeudi 15 avril à 17 h 30. Bibliothèque centrale · sur place\n' +
        '– Atelier : santé, jeudi 22 avril à 17 h 30. Appel vidéo · en ligne\n' +
        '– Audition sur le projet, jeudi 20 mai à 18 h. Mairie et en ligne · sur place ou en ligne\n\n' +
        'Toute personne qui participe reçoit ici une réponse au plus tard le mercredi 30 juin.\n\nLes heures sont celles de Madrid.',
    ],
  ])('in short, in %s, is what one needs on a small screen', (language, words) => {
    const reader = { language, phrases: phrasesIn(language), now: Date.parse('2027-03-01T12:00Z') };
    expect(plainText({ blocks: timelineInShort(example, reader) })).toBe(words);
  });

  test.each([
    ['en', 'Open now, until Sunday 14 March.', 'From Monday 15 March to Sunday 11 April', 'Meetings'],
    ['es', 'Abierto ahora, hasta el domingo 14 de marzo.', 'Del lunes 15 de marzo al domingo 11 de abril', 'Reuniones'],
    ['fr', 'Ouvert maintenant, jusqu’au dimanche 14 mars.', 'Du lundi 15 mars au dimanche 11 avril', 'Réunions'],
    [
      'es-MX',
      'Abierto ahora, hasta el domingo 14 de marzo.',
      'Del lunes 15 de marzo al domingo 11 de abril',
      'Reuniones',
    ],
  ])('speaks %s', (language, ...lines) => {
    const words = read(example, language, '2027-03-01T12:00Z').split('\n');
    for (const line of lines) expect(words).toContain(line);
  });

  test('of the shipped example fits one message of the smallest platform, with no gap left in its words', () => {
    for (const language of example.languages)
      for (const moment of ['2027-01-01', '2027-02-10', '2027-07-10', '2028-01-01']) {
        const words = read(example, language, moment);
        expect(words.length).toBeLessThan(4096);
        expect(words).not.toMatch(/[{}]|undefined|timeline_/);
      }
  });
});
