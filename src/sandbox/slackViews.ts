import { type Answer, isSoundView, type Payload, type SentView, viewIn } from './slackPayload.ts';
import type { Person } from './slackPerson.ts';

/** Slack asks that a trigger is used within this time. */
const TRIGGER_MS = 3000;

/** A modal in one of its states. */
export type OpenView = SentView & { id: string; hash: string };

const refused = (error: string): Answer => ({ ok: false, error });

/** Home tabs and modals, and the triggers by which the bot may open one. */
export function createViews(people: ReadonlyMap<string, Person>, nextId: () => number) {
  const triggers = new Map<string, { person: Person; at: number }>();
  const hash = () => `${nextId()}.hash`;

  function show(person: Person, view: SentView, id: string): Answer {
    const opened = { ...view, id, hash: hash() };
    person.shown.openedModal = opened;
    return { ok: true, view: { id, hash: opened.hash } };
  }

  return {
    trigger(person: Person): string {
      const id = `trigger.${nextId()}`;
      triggers.set(id, { person, at: Date.now() });
      return id;
    },
    open(payload: Payload): Answer {
      const id = String(payload.trigger_id);
      const found = triggers.get(id);
      if (!found || Date.now() - found.at > TRIGGER_MS) return refused('expired_trigger_id');
      const view = viewIn(payload.view);
      if (!isSoundView(view)) return refused('invalid_arguments');
      triggers.delete(id);
      return show(found.person, view, `V${nextId()}`);
    },
    /** With a hash: only while the modal is in that state. */
    update(payload: Payload): Answer {
      const id = String(payload.view_id);
      const person = [...people.values()].find(({ shown }) => shown.openedModal?.id === id);
      if (!person) return refused('not_found');
      if (payload.hash !== undefined && payload.hash !== person.shown.openedModal?.hash)
        return refused('hash_conflict');
      const view = viewIn(payload.view);
      return isSoundView(view) ? show(person, view, id) : refused('invalid_arguments');
    },
    publish(person: Person, payload: Payload): Answer {
      const view = viewIn(payload.view);
      if (!isSoundView(view)) return refused('invalid_arguments');
      person.shown.homeView = view;
      return { ok: true, view: { id: 'V0' } };
    },
  };
}
