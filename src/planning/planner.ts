import { heldUntil, type NoticeKind } from '../notices/kinds.ts';
import { BLANK_NOTICE } from '../notices/notice.ts';
import type { Snapshot } from '../process/publication.ts';
import type { ProcessDefinition } from '../process/schema.ts';
import type { StoredProcess } from '../process/stored.ts';
import { eventChanges } from './eventChanges.ts';
import { planReminders } from './reminders.ts';
import { keepSchedules, type ScheduleParts } from './repeating.ts';
import { type TimelineNoticeParts, timelineNotice } from './timelineNotices.ts';
import { byOrigin, make, upsertScheduled, withdraw } from './upsertScheduled.ts';

export interface PlannerParts extends ScheduleParts, TimelineNoticeParts {
  processes: { now(): Promise<Pick<StoredProcess, 'definition' | 'closedAt' | 'appliedBy'>> };
  planned: ScheduleParts['planned'];
}

export interface Planner {
  /**
   * Brings scheduled notices in line with the calendar: announces a newly published timeline, creates the reminders and
   * the turns of repeating notices that are due soon, moves what has moved, and withdraws what is cancelled. Does
   * nothing for a closed process. Running it twice changes nothing more; only one service on the database runs it at a
   * time. `wait`: wait until another has finished.
   */
  reconcile(wait?: boolean): Promise<void>;
}

export function createPlanner(parts: PlannerParts): Planner {
  return {
    async reconcile(wait = false) {
      await parts.planned.alone(wait, async () => {
        const { definition: process, closedAt, appliedBy } = await parts.processes.now();
        if (closedAt !== null) return;
        const newest = await parts.timelines.latest();
        if (newest) await tellOf(newest, parts);
        if (newest) await remind({ ...newest.definition, reminders: process?.reminders }, appliedBy, parts);
        if (process) await keepSchedules(process, parts);
      });
    },
  };
}

async function tellOf(newest: Snapshot, parts: PlannerParts): Promise<void> {
  await tellThoseWhoCome(newest, parts);
  const notice = await timelineNotice(parts, newest);
  // The new one first: a crash between the two leaves one notice too many until the next run, not one too few.
  if (notice) await make({ ...notice, at: held(notice.kind, parts) }, parts);
  await parts.planned.supersede();
}

const held = (kind: NoticeKind, { clock, holdSeconds }: PlannerParts): Date =>
  new Date(heldUntil(kind, Number.POSITIVE_INFINITY, clock(), holdSeconds));

/** Before the notice to everybody, which records for the planner that they were told. */
async function tellThoseWhoCome(newest: Snapshot, parts: PlannerParts): Promise<void> {
  const { wanted, overtaken } = await eventChanges(parts, newest);
  for (const notice of wanted) await make({ ...notice, at: held(notice.kind, parts) }, parts);
  await withdraw(overtaken, parts);
}

async function remind(process: ProcessDefinition, appliedBy: string | null, parts: PlannerParts): Promise<void> {
  const made = byOrigin(await parts.planned.reminders());
  const plan = planReminders(process, parts.phrasesIn);
  // Our own texts are approved with the publication; an organizer's own to many need a second member, as always.
  const approval = hasOwnWords(process) ? null : ('given' as const);
  const scheduledBy = hasOwnWords(process) ? appliedBy : null;
  for (const { at, until, ...reminder } of plan) {
    const content = { ...BLANK_NOTICE, kind: 'timeline_reminder' as const, approval, scheduledBy, ...reminder };
    await upsertScheduled({ ...content, at: new Date(at), until: new Date(until) }, made.get(reminder.origin), parts);
  }
  const wanted = new Set(plan.map(({ origin }) => origin));
  await withdraw(
    [...made.values()].filter(({ origin }) => !wanted.has(origin)),
    parts,
  );
}

const hasOwnWords = ({ reminders = {} }: ProcessDefinition): boolean =>
  Object.values(reminders).some((rule) => typeof rule === 'object' && rule !== null && 'texts' in rule);
