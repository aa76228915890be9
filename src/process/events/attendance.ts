import { processIn, within } from '../../core/signedButtons.ts';

export const ANSWERS = ['yes', 'maybe', 'no'] as const;
/** What somebody says to an event's invitation. */
export type EventAnswer = (typeof ANSWERS)[number];

/** Whether somebody is coming to an event, and has a seat. */
export interface SeatStanding {
  answer: EventAnswer;
  /** Null for people who are not coming, or only may. */
  seat: 'seat' | 'waiting' | null;
  /** Their place on the waiting list, from 1 on; null for people who do not wait. */
  position: number | null;
}

/** An event of a process; another process may have one with the same id. */
export interface EventIn {
  /** The id of the process. */
  process: number;
  event: string;
}

/** An event with seats to give out. */
export interface Seats extends EventIn {
  /** Null: as many as come. */
  capacity: number | null;
  /** From then on nobody is told of a free seat. */
  until: Date | null;
}

export interface GivenAnswer extends Seats {
  identityId: string;
  answer: EventAnswer;
  at: Date;
  /** The update that brought it: one that was handled before changes nothing. */
  update: string;
}

export interface EventCounts {
  yes: number;
  maybe: number;
  no: number;
  seats: number;
  /** Without people who cannot be reached now: they are passed over. */
  waiting: number;
}

export interface Attendance {
  /**
   * Stores the answer. A seat that it frees goes to the first person on the waiting list who can be reached, and they
   * are sent a notice. The same answer again changes nothing. `promoted`: the ids of the others who have got a seat.
   */
  answer(given: GivenAnswer): Promise<SeatStanding & { promoted: string[] }>;
  /**
   * Gives free seats to people on the waiting list, for instance after seats were added. Gives the ids of those who got
   * one.
   */
  promote(seats: Seats): Promise<string[]>;
  /** Null for people who have not answered. */
  of(event: EventIn, identityId: string): Promise<SeatStanding | null>;
  /** Without those who had themselves erased. */
  counts(event: EventIn): Promise<EventCounts>;
  /** Events of the process with this id that have a waiting list. */
  waitedFor(process: number): Promise<string[]>;
  /**
   * Of these deliveries, those that announce a seat: the event, the id of its process, and whether the seat is still
   * theirs.
   */
  seatNews(deliveryIds: string[]): Promise<Map<string, { event: string; process: number; theirs: boolean }>>;
  /** For deliveries of a notice about an event: the reader's answer and seat; without people who said no or nothing. */
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

/**
 * The event that an action is about and the id of its process; `answer` null: show the event. Null for any other
 * action.
 */
export function readEventAction(action: string): { event: string; process: number; answer: EventAnswer | null } | null {
  const [, event, process, letter] = /^ev:([\w-]+)(?:@(\d+))?(?::([ymn]))?$/.exec(action) ?? [];
  if (event === undefined) return null;
  const answer = letter === undefined ? null : ({ y: 'yes', m: 'maybe', n: 'no' } as const)[letter as 'y' | 'm' | 'n'];
  return { event, process: processIn(process), answer };
}
