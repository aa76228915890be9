import { z } from 'zod';
import { before, isDuration, isLocal, isPeriod, isTimeZone, localObjection } from '../core/calendar.ts';
import { didYouMean } from '../core/didYouMean.ts';
import { isUnseen } from '../core/unseen.ts';
import { linkObjection } from '../core/webAddress.ts';
import { ROLE_WORDS, rolesOf, SIDES } from '../people/member.ts';

export const MISSING = 'is missing. Add it';
const seen = z
  .string()
  .min(1)
  .refine((text) => !isUnseen(text), 'has nothing in it that can be seen. Write a text');
const inLanguages = z
  .record(z.string(), seen)
  .refine((all) => Object.keys(all).length > 0, 'is empty. Write a text for each language');
const texts = z.union([seen, inLanguages], {
  error: ({ input }) =>
    input === undefined
      ? MISSING
      : 'must be a text, or one text for each language; numbers and dates need quotes around them',
});
const DATE = 'such as 2027-03-31, or a local time such as 2027-03-31T18:00, without an offset';
const moment = z
  .string({ error: ({ input }) => (input === undefined ? MISSING : `must be a date ${DATE}`) })
  .refine(isLocal, {
    error: ({ input }) => localObjection(String(input)) ?? `"${input}" must be a date ${DATE}`,
  });
const id = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,30}$/, 'must be lower-case letters, digits, - and _, at most 31');
const language = z.string().refine(isLanguage, 'must be a language code such as en, es or pt-BR');
const timeZone = z.string().refine(isTimeZone, { error: ({ input }) => zoneWords(String(input)) });
const hour = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "21:00"');
const duration = z.string().refine(isDuration, 'must be a duration such as PT2H or PT1H30M');
const address = z
  .string()
  .superRefine((given, context) => {
    const wrong = linkObjection(given);
    if (wrong !== null) context.addIssue({ code: 'custom', message: wrong });
  })
  .meta({ format: 'uri' });
/** As long as fits into a signed button of 64 bytes. */
const flow = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, 'must be the name of a flow');
const mode = z.enum(['in_person', 'remote', 'hybrid']);

/** Why / who / what / how / where: what the guidance asks to be said of each part of a timeline. */
const said = {
  why: texts.optional(),
  who: texts.optional(),
  what: texts.optional(),
  how: texts.optional(),
  where: texts.optional(),
};

const stage = z.strictObject({
  id,
  title: texts,
  opens: moment,
  closes: moment,
  ...said,
  document: address.optional().meta({ description: 'The consultation draft that is out when the stage opens' }),
  flow: flow.optional().meta({ description: 'What the button below its reminder begins' }),
});
const event = z.strictObject({
  id,
  title: texts,
  at: moment,
  duration: duration.optional().meta({ description: 'How long it lasts: PT2H, PT1H30M' }),
  mode: mode.optional(),
  ...said,
  capacity: z.int().positive('must be 1 or more').optional(),
  cancelled: z.boolean().optional().meta({ description: 'It stays in the timeline, so that people are told' }),
});
const opportunity = z.strictObject({
  id,
  title: texts,
  stage: id.optional(),
  mode,
  synchronous: z.boolean().meta({ description: 'true: at a fixed time, together; false: in one’s own time' }),
  how: texts.optional(),
  where: texts.optional(),
  opens: moment.optional(),
  closes: moment.optional(),
  link: address.optional(),
});
const question = z.strictObject({ id, text: texts, opens: moment.optional(), closes: moment.optional() });
const faq = z.strictObject({
  id,
  words: texts.meta({ description: 'Words or phrases by which the question is known, with commas between them' }),
  question: texts.meta({ description: 'As a person would ask it' }),
  answer: texts,
});
const labelled = z.strictObject({ value: id, label: texts });
const member = z.strictObject({
  id,
  name: z.string().min(1),
  roles: z.array(z.enum(ROLE_WORDS)).min(1).transform(rolesOf).meta({
    description: 'reviewer is another word for forum; an admin is an organizer who also adds and removes members',
  }),
  organization: z.string().min(1).optional(),
  side: z.enum(SIDES).optional(),
});

const workingGroup = z.strictObject({ id, title: texts, members: z.array(id).optional() });

const words = { texts: texts.optional().meta({ description: 'Own words; {title}, {day} and {days} are put in' }) };
const reminder = z.union([z.boolean(), z.strictObject(words)], {
  error: 'must be true, false, or texts: { en: … }',
});
const countdown = z.union([z.boolean(), z.strictObject({ days: z.int().min(1).max(60).optional(), ...words })], {
  error: 'must be true, false, or { days: 3, texts: { en: … } } with 1 to 60 days',
});
const reminders = z.strictObject({
  stageOpens: reminder.optional(),
  stageCloses: countdown.optional(),
  eventTomorrow: reminder.optional(),
  draftOut: reminder.optional(),
  unfinished: z.boolean().optional().meta({
    description:
      'Whoever agreed and gave nothing, or left something unfinished, is reminded once, a day after; left out: nobody is',
  }),
});
const threads = z.strictObject({
  answerDays: z
    .int()
    .min(1)
    .max(60)
    .optional()
    .meta({ description: 'How soon a question or a disagreement is to be answered; 7 days when left out' }),
  goOnHours: z.int().min(1).max(168).optional().meta({
    description:
      'For how long a question or an answer asks for words: what its reader writes without a button belongs to it; 24 hours when left out',
  }),
});
const ofSide = z.int().min(1, 'must be 1 or more: a decision is made by both sides').max(50).optional();
const decisions = z.strictObject({
  quorum: z.strictObject({ government: ofSide, civil_society: ofSide }).optional().meta({
    description:
      'How many members of each side it takes to decide, whoever proposes among them; one of each when left out',
  }),
});
const period = z.string().refine(isPeriod, 'must be a period such as P7D, P6M or P2Y');
const TWO_DAYS = 2 * 86_400_000;
const retention = z.strictObject({
  inbox: period
    .refine(
      (text) => !isPeriod(text) || before(0, text) <= -TWO_DAYS,
      'must be P2D or more: platforms repeat what they sent',
    )
    .optional()
    .meta({ description: 'The numbers of what came in, and files that nobody gave to the forum; left out: P7D' }),
  replies: period.optional().meta({ description: 'That a reply went out; its words go at once. Left out: P7D' }),
  sessions: period.optional().meta({ description: 'What somebody began and did not send; left out: P90D' }),
  deliveries: period.optional().meta({
    description: 'Where in each chat a notice stands, so that it can be changed there, from its end on; left out: P1Y',
  }),
  attachments: period.optional().meta({ description: 'Files, from the end of their process on; left out: P1Y' }),
  authors: period.optional().meta({
    description: 'Who said what was answered, from the end of its process on; the words stay. Left out: P2Y',
  }),
});
const quietHours = z.strictObject({ from: hour, to: hour });

/** The schema of each part, by its key, for suggestions when a key is wrong. */
export const PARTS: Record<string, z.ZodObject> = {
  stages: stage,
  events: event,
  opportunities: opportunity,
  questions: question,
  faq,
  themes: labelled,
  places: labelled,
  members: member,
  workingGroups: workingGroup,
  setAside: labelled,
  reminders,
  quietHours,
  threads,
  decisions,
  retention,
};

/** One development of one action plan. Dates are local to `timeZone`; `momentOf` says what they mean. */
export const processSchema = z.strictObject({
  name: texts,
  id: id.optional().meta({ description: 'What it is called by at the terminal; left out: its name, in small letters' }),
  languages: z.array(language).min(1),
  timeZone,
  startsOn: moment.optional(),
  publishedOn: moment.optional(),
  hearBackBy: moment.optional(),
  stages: z.array(stage).default([]),
  events: z.array(event).default([]),
  opportunities: z.array(opportunity).optional(),
  questions: z.array(question).default([]),
  faq: z.array(faq).optional().meta({ description: 'What people ask the bot, and what it answers by itself' }),
  themes: z.array(labelled).default([]),
  places: z.array(labelled).optional(),
  members: z.array(member).optional(),
  setAside: z.array(labelled).min(1).optional().meta({
    description:
      'The published reasons for which something is no contribution; left out: robot, advertising, threat, personal_data, empty',
  }),
  workingGroups: z
    .array(workingGroup)
    .optional()
    .meta({ description: 'To whom contributions are given before the forum decides' }),
  reminders: reminders.optional(),
  quietHours: quietHours.optional(),
  threads: threads.optional(),
  decisions: decisions.optional(),
  closing: texts.optional().meta({
    description:
      'What everybody who took part is told when the process is finalized: what comes next, and how to follow it',
  }),
  retention: retention.optional(),
});

export type ProcessDefinition = z.infer<typeof processSchema>;

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag;
  } catch {
    return false;
  }
}

function zoneWords(zone: string): string {
  const like = didYouMean(zone, Intl.supportedValuesOf('timeZone'));
  return `"${zone}" is not a time zone; ${like ? `did you mean ${like}?` : 'write one such as Europe/Madrid'}`;
}
