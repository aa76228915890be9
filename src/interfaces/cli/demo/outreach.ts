import { systemClock } from '../../../core/clock.ts';
import { atTerminal } from '../../../people/actor.ts';
import { DEFAULT_PROCESS, type ProcessDefinition } from '../../../process/process.ts';
import type { Snapshot } from '../../../process/publication.ts';
import { answerEvent } from '../../../sandbox/people.ts';
import { INVITATION, OVERRIDE } from '../../../sandbox/script.ts';
import { shifted } from './dates.ts';
import type { Stage } from './stage.ts';

/** The whole process as it stands. */
export const processOf = async ({ service }: Pick<Stage, 'service'>): Promise<ProcessDefinition> =>
  (await service.core.processes.current()) ?? DEFAULT_PROCESS;

/** Makes the timeline public. Gives the id of the notice that tells everybody the dates. */
export async function publishTimeline(stage: Stage): Promise<string> {
  const { process } = stage.actions;
  return tellerOf(stage, await process.publish(atTerminal(), { override: OVERRIDE }));
}

/** The first event comes a week later. Gives the id of the notice that tells those whom it concerns. */
export async function moveFirstEvent(stage: Stage): Promise<string> {
  const process = await processOf(stage);
  const [first, ...others] = process.events;
  if (!first) throw new Error('The process has no event.');
  const later = { ...process, events: [{ ...first, at: shifted(first.at, 7) }, ...others] };
  return tellerOf(stage, await stage.actions.process.apply(atTerminal(), later, { override: OVERRIDE }));
}

async function tellerOf({ service }: Stage, made: Snapshot | null): Promise<string> {
  if (!made) throw new Error('Nothing was new in the timeline.');
  const notice = await (await service.core.views.publication(systemClock)).teller(made.number);
  if (!notice) throw new Error('No notice announces the timeline.');
  return notice.id;
}

/** What somebody says to the invitation, by their place in the row: seven in ten come. */
const answerOf = (index: number): 'yes' | 'maybe' | 'no' => {
  const place = (index * 7) % 10;
  return place < 7 ? 'yes' : place < 8 ? 'maybe' : 'no';
};

export interface EventAnswers {
  yes: number;
  maybe: number;
  no: number;
  seats: number;
  waiting: number;
}

/** Invites everybody to the first event; `each`: what is done for each person, a bar beside it. */
export async function meet(
  stage: Stage,
  each: (work: (person: Stage['people'][number], index: number) => Promise<unknown>) => Promise<void>,
): Promise<EventAnswers> {
  const { service, people, actions } = stage;
  const event = (await processOf(stage)).events[0]?.id ?? '';
  const told = people.map((person) => person.chat.length);
  const { id } = await actions.notices.create(atTerminal(), { ...INVITATION, buttons: [{ event }] });
  await actions.notices.schedule(atTerminal(), id);
  await each(async (person, index) => {
    const invitation = await person.waitFor((message) => message.buttons.length === 3, told[index]);
    await answerEvent(person, invitation, answerOf(index));
  });
  const { id: process } = await service.core.processes.now();
  return (await service.core.views.attendance()).counts({ process, event });
}
