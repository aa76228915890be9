import type { Event } from '../events.ts';
import { captionBeside } from '../files.ts';
import type { Run } from '../run.ts';
import type { Ask, Flow, MemberAct, Step } from '../source/schema.ts';
import { answersOf } from './contribute.ts';

export type ActStep = Extract<Step, { act: unknown }>;

/** What a member does; of an answer that is a file the words are those beside it. */
export function acted(run: Run, step: ActStep): Extract<Event, { kind: 'acted' }> {
  const { words, files } = answersOf(run);
  const given = (name: string) => words([name, captionBeside(name)]).text;
  return {
    kind: 'acted',
    act: step.act,
    with: Object.fromEntries(step.with.map((name) => [name, given(name)])),
    files: files(step.attachments),
  };
}

/** These only show what the next question is about, which is shown again whenever that is asked again. */
const SHOWS: readonly MemberAct[] = ['show_answer'];

/** What stands above this question; null: nothing does. */
export function shownAbove({ steps }: Flow, { id }: Ask): ActStep | null {
  const before = steps[steps.findIndex((step) => step.id === id) - 1];
  return before && 'act' in before && SHOWS.includes(before.act) ? before : null;
}

/** In these conversations members work: what they write is for somebody, and no word of it is their own contribution. */
export const isWork = ({ steps }: Flow): boolean => steps.some((step) => 'act' in step);
