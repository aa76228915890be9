import type { App, ReceiverEvent } from '@slack/bolt';
import type { Surfaces } from '../../core/surfaces.ts';
import type { createIntake } from './intake.ts';
import type { People } from './people.ts';
import { atOnce } from './reading.ts';
import { apology, bodyOf, type HttpAnswer, outcomeOf, type ReceiverAnswer } from './receiver.ts';

export interface AcknowledgeParts {
  intake: ReturnType<typeof createIntake>;
  people: People;
  surfaces: Surfaces;
}

/** Runs the app over what Slack sends, and acknowledges what was recorded. */
export function createAcknowledging({ intake, people, surfaces }: AcknowledgeParts) {
  /** Null: no acknowledgement, so that Slack tries again or warns the person. */
  async function takenBy(
    running: App,
    event: Omit<ReceiverEvent, 'ack'>,
  ): Promise<{ answer: ReceiverAnswer | null } | null> {
    const outcome = await outcomeOf(running, event);
    if (typeof outcome === 'object') return outcome;
    const parsed = intake.glance(event.body, atOnce);
    const language = parsed?.language ?? (parsed && people.knownLanguageOf(parsed.user));
    const answer = apology(event.body, surfaces.tryAgain(language ?? null));
    return answer && { answer };
  }

  return {
    /** One envelope of Socket Mode. */
    async envelope(running: App, event: ReceiverEvent): Promise<void> {
      const taken = await takenBy(running, event);
      if (taken) await event.ack(taken.answer ?? undefined);
    },
    /** One request that Slack has signed; `running` is null while the channel is not listening. */
    async request(running: App | null, contentType: string, rawBody: string): Promise<HttpAnswer> {
      const body = bodyOf(contentType, rawBody);
      if (!body) return { status: 400, body: '' };
      if (body.type === 'url_verification') return { status: 200, body: String(body.challenge ?? '') };
      const taken = running && (await takenBy(running, { body }));
      if (!taken) return { status: 503, body: '' };
      if (!taken.answer) return { status: 200, body: '' };
      return { status: 200, body: JSON.stringify(taken.answer), contentType: 'application/json' };
    },
  };
}
