import { isDeepStrictEqual } from 'node:util';
import type { Preferences } from '../people/preferences.ts';
import type { Event } from './flow/events.ts';
import type { ConsentChange, TurnWrite } from './turn.ts';

/** What people decide about themselves. */
type PersonEvent = Extract<
  Event,
  { kind: 'language' | 'consented' | 'declined' | 'asked_for_profile' | 'kept' | 'stopped' | 'restarted' | 'erased' }
>;

/** Changes the person, and adds to the history of their decisions. */
export function applyToPerson(event: PersonEvent, write: TurnWrite): void {
  write.consents.push(...historyOf(event, write));
  switch (event.kind) {
    case 'language':
      write.language = event.language;
      write.languageChosen = true;
      return;
    case 'consented':
      write.consentVersion = event.version;
      write.consented = true;
      return;
    case 'kept':
      Object.assign(write, event.own);
      return;
    case 'stopped':
      write.status = 'stopped';
      return;
    case 'restarted':
      write.status = 'active';
      return;
    case 'erased':
      write.erase = event.remains;
  }
}

/** The language is a setting; what is erased leaves no history. */
function historyOf(event: PersonEvent, write: TurnWrite): ConsentChange[] {
  switch (event.kind) {
    case 'consented':
      return [{ change: 'given', words: event.words, version: event.version }];
    case 'declined':
      return [{ change: 'declined', words: event.words, version: event.version }];
    case 'asked_for_profile':
      return [
        { change: event.agreed ? 'profile_given' : 'profile_declined', words: event.words, version: event.version },
      ];
    case 'stopped':
    case 'restarted':
      return [{ change: event.kind, words: event.words, version: write.consentVersion }];
    case 'kept':
      return changesOf(event, write);
    default:
      return [];
  }
}

/** What people tell about themselves is not in their history, only that they have taken it back. */
function changesOf({ own, words }: Extract<Event, { kind: 'kept' }>, write: TurnWrite): ConsentChange[] {
  const after = { ...ownOf(write), ...own };
  const told = write.group !== null || write.place !== null;
  const removed = told && after.group === null && after.place === null;
  const prefers = after.wants !== write.wants || !isDeepStrictEqual(after.topics, write.topics);
  const record = (change: ConsentChange['change']) => ({ change, words, version: write.consentVersion });
  return [...(prefers ? [record('preferences')] : []), ...(removed ? [record('profile_removed')] : [])];
}

/** What somebody has decided and told, of what is known of them. */
export const ownOf = ({ wants, topics, group, place }: Preferences): Preferences => ({ wants, topics, group, place });
