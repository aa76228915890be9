import { isSoundView, type SentView, type SlackAnswer, type SlackPayload, viewIn } from './slackPayload.ts';
import type { SimulatedSlackPerson } from './slackPerson.ts';

/** Slack asks that a trigger is used within this time. */
const TRIGGER_MS = 3000;

const refused = (error: string): SlackAnswer => ({ ok: false, error });

/** Home tabs and modals, and the triggers by which the bot may open one. */
export function createViews(
  people: ReadonlyMap<string, SimulatedSlackPerson>,
  nextId: () => number,
  clock: () => number,
) {
  const triggers = new Map<string, { person: SimulatedSlackPerson; at: number }>();
  const hash = () => `${nextId()}.hash`;

  function show(person: SimulatedSlackPerson, view: SentView, id: string): SlackAnswer {
    const opened = { ...view, id, hash: hash() };
    person.shown.openedModal = opened;
    return { ok: true, view: { id, hash: opened.hash } };
  }

  return {
    trigger(person: SimulatedSlackPerson): string {
      const id = `trigger.${nextId()}`;
      triggers.set(id, { person, at: clock() });
      return id;
    },
    open(payload: SlackPayload): SlackAnswer {
      const id = String(payload.trigger_id);
      const found = triggers.get(id);
      if (!found || clock() - found.at > TRIGGER_MS) return refused('expired_trigger_id');
      const view = viewIn(payload.view);
      if (!isSoundView(view)) return refused('invalid_arguments');
      triggers.delete(id);
      return show(found.person, view, `V${nextId()}`);
    },
    /** With a hash: only while the modal is in that state. */
    update(payload: SlackPayload): SlackAnswer {
      const id = String(payload.view_id);
      const person = [...people.values()].find(({ shown }) => shown.openedModal?.id === id);
      if (!person) return refused('not_found');
      if (payload.hash !== undefined && payload.hash !== person.shown.openedModal?.hash)
        return refused('hash_conflict');
      const view = viewIn(payload.view);
      return isSoundView(view) ? show(person, view, id) : refused('invalid_arguments');
    },
    publish(person: SimulatedSlackPerson, payload: SlackPayload): SlackAnswer {
      const view = viewIn(payload.view);
      if (!isSoundView(view)) return refused('invalid_arguments');
      person.shown.homeView = view;
      return { ok: true, view: { id: 'V0' } };
    },
  };
}
