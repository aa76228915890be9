import { UserError } from '../core/errors.ts';

/** A link for posters and liaisons: opens the private chat, begins the flow, and says where its people come from. */
export interface Link {
  source: string;
  /** Null: the bot's greeting. */
  flow: string | null;
}

/** People who came by a source, and what became of it. */
export interface Arrivals {
  source: string;
  /** Of the links that were made for it; none for a source that people came with by other ways. */
  flows: (string | null)[];
  /** Of the first of its links. */
  createdAt: Date | null;
  arrivals: number;
  /** Of them: who has contributed. */
  contributed: number;
}

export interface Links {
  /** Once, whatever is asked. */
  keep(link: Link): Promise<void>;
  /** Of the process of this id, or of the current one: by source, the most arrivals first. */
  arrivals(process?: number | null): Promise<Arrivals[]>;
}

const SEPARATOR = '__';
/** core.telegram.org/bots/features#deep-linking */
const MOST_PAYLOAD = 64;
/** Such a start ties a chat to a member. */
const MEMBER = /^member_/i;

/** What `/start` is told. @param flows that people can begin. @throws UserError with everything that is wrong with it */
export function startPayload({ source, flow }: Link, flows: readonly string[]): string {
  const payload = flow === null ? source : `${flow}${SEPARATOR}${source}`;
  const mistakes = [
    ...(/^[A-Za-z0-9_-]+$/.test(source)
      ? []
      : [
          `--source: "${source}" has other signs than letters from a to z, digits, - and _. Write for example youth-council.`,
        ]),
    ...(source.includes(SEPARATOR)
      ? [`--source: two _ in a row stand between a flow and its source. Put a - in their place.`]
      : []),
    ...(flow === null && flows.includes(source)
      ? [`--source: a flow is called "${source}", and would begin. Name the source otherwise, or say --flow as well.`]
      : []),
    ...(flow === null && MEMBER.test(source)
      ? ['--source: what begins with member_ signs a member in. Name it otherwise.']
      : []),
    ...(payload.length > MOST_PAYLOAD
      ? [`--source: with its flow it takes ${payload.length} characters, ${MOST_PAYLOAD} fit. Shorten it.`]
      : []),
  ];
  if (mistakes.length > 0) throw new UserError(mistakes.join('\n'), mistakes);
  return payload;
}
