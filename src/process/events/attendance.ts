import { processIn, within } from '../../core/signedButtons.ts';

export const ANSWERS = ['yes', 'maybe', 'no'] as const;
/** What somebody says to an event's invitation. */
export type EventAnswer = (typeof ANSWERS)[number];

/** How somebody stands to an event. */
export interface SeatStanding {
  answer: EventAnswer;
  /** Null for people who do not come, or only may. */
  seat: 'seat' | 'waiting' | null;
  /** In the waiting line, from 1 on; null for people who do not wait. */
  position: number | null;
}

/** An event of a process; another may have one of the same name. */
export interface EventIn {
  /** The id of the process. */
  process: number;
  event: string;
}

/** An event with seats to give out. */
export interface Seats extends EventIn {
  /** Null: as many as come. */
  capacity: number | null;
  /** From then on a free seat is not news any more. */
  until: Date | null;
}

export interface GivenAnswer extends Seats {
  identityId: string;
  answer: EventAnswer;
  at: Date;
  /** The update that brings it: one that is done already changes nothing. */
  update: string;
}

export interface EventCounts {
  yes: number;
  maybe: number;
  no: number;
  seats: number;
  /** Without those who cannot be reached now, and are passed over. */
  waiting: number;
}

export interface Attendance {
  /**
   * Keeps the answer; a seat that it frees goes to the first in line who can be reached, and a person who gets one is sent a notice.
   * The same answer again changes nothing. `promoted`: the ids of those who have moved up, without this person.
   */
  answer(given: GivenAnswer): Promise<SeatStanding & { promoted: string[] }>;
  /** Gives free seats to those in line, as when there are more seats than before. Gives the ids of who has got one. */
  promote(seats: Seats): Promise<string[]>;
  /** Null for people who have not answered. */
  of(event: EventIn, identityId: string): Promise<SeatStanding | null>;
  /** Without those who had themselves erased. */
  counts(event: EventIn): Promise<EventCounts>;
  /** Events of the process of this id that somebody waits for. */
  waitedFor(process: number): Promise<string[]>;
  /** Of these deliveries, those that tell of a seat: its event, the id of its process, and whether it is still theirs. */
  seatNews(deliveryIds: string[]): Promise<Map<string, { event: string; process: number; theirs: boolean }>>;
  /** By the delivery of a notice about an event, how its reader stands to it; without those who have said no, or nothing. */
  comers(deliveryIds: string[]): Promise<Map<string, Pick<SeatStanding, 'answer' | 'seat'>>>;
  /** By the id of an identity, the events of the current process that they have said yes or maybe to. */
  attended(identityIds: readonly string[]): Promise<Map<string, string[]>>;
  /** How often the timeline was published: a later calendar entry of an event has the higher number. */
  edition(): Promise<number>;
}

const ANSWER_LETTERS = { yes: 'y', maybe: 'm', no: 'n' } as const;

/** The action of a button that shows an event, or answers its invitation. */
export const eventAction = (event: string, process: number, answer?: EventAnswer): string =>
  `ev:${within(event, process)}${answer === undefined ? '' : `:${ANSWER_LETTERS[answer]}`}`;

/** The event that an action is about, and the id of its process; `answer` null: it is to be shown. Null for every other action. */
export function readEventAction(action: string): { event: string; process: number; answer: EventAnswer | null } | null {
  const [, event, process, letter] = /^ev:([\w-]+)(?:@(\d+))?(?::([ymn]))?$/.exec(action) ?? [];
  if (event === undefined) return null;
  const answer = letter === undefined ? null : ({ y: 'yes', m: 'maybe', n: 'no' } as const)[letter as 'y' | 'm' | 'n'];
  return { event, process: processIn(process), answer };
}
