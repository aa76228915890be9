import { takeTurn } from '../../src/conversation/flow/engine.ts';
import type { Event } from '../../src/conversation/flow/events.ts';
import type { FlowRegistry } from '../../src/conversation/flow/flowRegistry.ts';
import type { Input, LastSaid, Person, Session, World } from '../../src/conversation/flow/types.ts';
import { type Choice, plainText } from '../../src/core/message.ts';
import { NO_PREFERENCES } from '../../src/people/preferences.ts';

export interface Talk {
  /** What is stored between two turns: parsed again for each. */
  stored: string;
  person: Person;
  world: World;
  /** The flows of the next turn; put another registry here to play a deployment. */
  registry: FlowRegistry;
  /** Everything that happened so far. */
  events: Event[];
  take(input: Input): Event[];
  says(text: string, messageId?: string): Event[];
  /** Presses a button of the latest message that had any, by its label. */
  presses(label: string): Event[];
  /** Sends button data as they are, also forged ones. */
  sends(data: string): Event[];
  commands(name: string, argument?: string): Event[];
  /** Moves the clock on, in milliseconds. */
  waits(ms: number): void;
  session(): Session | null;
  /** Buttons of the latest message that had any. */
  buttons(): Choice[];
  labels(): string[];
}

export const THEMES = [
  { value: 'health', label: { en: 'Health', es: 'Salud', fr: 'Santé' } },
  { value: 'schools', label: { en: 'Schools', es: 'Escuelas', fr: 'Écoles' } },
];

/** A conversation with the engine alone, with a seeded clock and seeded randomness. */
export function talk(registry: FlowRegistry, person: Partial<Person> = {}, seed = 1): Talk {
  let buttons: Choice[] = [];
  let last: LastSaid | null = null;
  let left: Session[] = [];
  const self: Talk = {
    stored: 'null',
    person: { language: 'en', consented: true, status: 'active', ...person },
    world: worldOf(seed),
    registry,
    events: [],
    take(input) {
      const before = JSON.parse(self.stored) as Session | null;
      const person = { ...self.person, last, unfinished: left };
      const turn = takeTurn(self.registry, before, person, JSON.parse(JSON.stringify(input)) as Input, self.world);
      self.stored = JSON.stringify(turn.session);
      last = turn.last;
      left = JSON.parse(JSON.stringify(turn.unfinished)) as Session[];
      for (const event of turn.events) {
        self.person = after(self.person, event);
        if ((event.kind === 'said' || event.kind === 'offered') && event.message.choices)
          buttons = event.message.choices;
      }
      self.events.push(...turn.events);
      return turn.events;
    },
    says: (text, messageId) => self.take({ kind: 'text', text, messageId: messageId ?? null }),
    presses(label) {
      const button = buttons.find((choice) => choice.label === label);
      if (!button) throw new Error(`No button "${label}" among: ${self.labels().join(', ')}`);
      return self.sends(button.data);
    },
    sends: (data) => self.take({ kind: 'choice', data }),
    commands: (name, argument = '') => self.take({ kind: 'command', name, argument }),
    waits: (ms) => void (self.world.now += ms),
    session: () => JSON.parse(self.stored) as Session | null,
    buttons: () => buttons,
    labels: () => buttons.map((choice) => choice.label),
  };
  return self;
}

export function worldOf(seed: number): World {
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return `n${state.toString(36)}`;
  };
  return {
    now: Date.UTC(2027, 0, 15, 9),
    random,
    languages: ['en', 'es', 'fr'],
    timeZone: 'Europe/Lisbon',
    process: { id: 1, closed: false, name: 'Open Plan', themes: THEMES, hearBackBy: '30 June 2027' },
  };
}

function after(person: Person, event: Event): Person {
  if (event.kind === 'language') return { ...person, language: event.language };
  if (event.kind === 'consented') return { ...person, consented: true };
  if (event.kind === 'declined') return { ...person, consented: false };
  if (event.kind === 'kept') return { ...person, own: { ...(person.own ?? NO_PREFERENCES), ...event.own } };
  if (event.kind === 'stopped') return { ...person, status: 'stopped' };
  return event.kind === 'restarted' ? { ...person, status: 'active' } : person;
}

/** What the person reads of a turn. */
export const read = (events: readonly Event[]): string =>
  events
    .flatMap((event) => (event.kind === 'said' || event.kind === 'offered' ? [plainText(event.message)] : []))
    .join('\n');

export const only = <K extends Event['kind']>(events: readonly Event[], kind: K) =>
  events.filter((event): event is Extract<Event, { kind: K }> => event.kind === kind);
