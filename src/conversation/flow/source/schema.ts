import { z } from 'zod';
import { INTENTS } from '../intents.ts';

/** What members do in a conversation. */
export const MEMBER_ACTS = ['show_answer', 'answer_thread', 'propose_decision', 'reject_proposal'] as const;
export type MemberAct = (typeof MEMBER_ACTS)[number];

const id = z.string().regex(/^[a-z][a-z0-9_-]*$/, 'lower-case letters, digits, - and _, beginning with a letter');
export const textsSchema = z
  .union([z.string().min(1), z.record(z.string(), z.string().min(1))], 'a text, or a text for each language')
  .describe('One text, or one for each language; ICU MessageFormat');
const answer = z.string().regex(/^[a-z][a-z0-9_]*$/i, 'letters, digits and _');
const duration = z
  .string()
  .regex(/^P(?!$)(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?$/, 'an ISO 8601 duration such as P3D or PT2H');
const language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$/, 'a language such as en or pt-BR');
const option = z.strictObject({
  value: z.string().min(1),
  label: textsSchema,
  next: id.optional(),
  means: z
    .array(z.enum(INTENTS))
    .optional()
    .describe('What people mean who choose it in their own words; the phrases are in intents.yaml'),
  said: z
    .record(z.string(), z.string())
    .optional()
    .describe('By language, phrases that choose it as its label does, a comma between them'),
});
const limit = z.union([z.number(), z.string()], 'a number, or a date such as 2027-03-31');
const common = { id, next: id.optional() };

/** What can be added to a contribution by a button below its receipt. */
export const OFFERS = ['idea', 'details', 'promise', 'file', 'name', 'rename', 'hide', 'theme'] as const;
export type Offer = (typeof OFFERS)[number];

const ask = z.strictObject({
  ...common,
  ask: z.enum(['text', 'choice', 'choices', 'number', 'date', 'place', 'yesno', 'rating', 'media', 'consent']),
  text: textsSchema,
  help: textsSchema.optional().describe('Said to a member who asks back what is meant; the question comes again'),
  save: answer.optional().describe('Name of the answer; the id of the step when left out'),
  check: z
    .strictObject({
      min: limit.optional(),
      max: limit.optional(),
      where: z.string().optional(),
      name: z.literal(true).optional().describe('Words that are hardly a name are asked about once'),
      message: textsSchema.optional(),
    })
    .optional(),
  menu: z.literal(true).optional().describe('Its buttons that lead straight into other flows work at any time'),
  stands: z
    .array(answer)
    .optional()
    .describe('Its buttons work whatever is asked by then, and carry these answers, which were given before'),
  retries: z.int().min(1).max(20).optional(),
  otherwise: id.optional().describe('Where to go when the retries are used up'),
  skip: z.boolean().optional(),
  timeout: z.strictObject({ after: duration, goto: id }).optional(),
  media: z.array(z.enum(['photo', 'voice', 'document'])).optional(),
  choices: z
    .union(
      [z.enum(['themes', 'topics', 'places']), z.array(option).min(1)],
      'themes, topics, places, or a list of choices',
    )
    .optional()
    .describe('The themes of the process, what people may hear about, the places that the process lists, or your own'),
  scale: z.int().min(2).max(10).optional(),
  consent: z
    .strictObject({
      version: z.string(),
      to: z
        .literal('profile')
        .optional()
        .describe('To tell about themselves, which is asked for apart; left out: to take part'),
    })
    .optional(),
  declined: id.optional(),
});
const say = z.strictObject({ ...common, say: textsSchema });
const branch = z.strictObject({
  ...common,
  branch: z.array(z.strictObject({ when: z.string(), goto: id })).min(1),
  otherwise: id.optional(),
});
const set = z.strictObject({ ...common, set: z.record(answer, z.string()) });
const GATHER = duration
  .optional()
  .describe('What comes within so long belongs to it as well; the receipt waits for that. Left out: it comes at once');
const contribute = z.strictObject({
  ...common,
  contribute: z.enum(['idea', 'answer', 'comment']),
  text: z.string().optional(),
  textOf: z.array(answer).optional(),
  fields: z.array(answer).optional(),
  theme: answer.optional(),
  question: answer.optional(),
  attribution: answer.optional(),
  attributionName: answer.optional(),
  attachments: z.array(answer).optional(),
  receipt: textsSchema.optional(),
  gather: GATHER,
  offer: z
    .array(z.enum(OFFERS))
    .optional()
    .describe('Buttons below the receipt: each begins the flow `add`, which is given it as `what`'),
});
const amend = z
  .strictObject({
    ...common,
    amend: answer,
    textOf: z.array(answer).optional(),
    fields: z.array(answer).optional(),
    attachments: z.array(answer).optional(),
    theme: answer.optional(),
    attribution: answer.optional(),
    attributionName: answer.optional(),
    done: textsSchema.optional().describe('Said when it is kept'),
    offer: z.array(z.enum(OFFERS)).optional().describe('Buttons below that'),
  })
  .describe(
    'Adds what was answered to a contribution that is still open: the answer that holds its reference. In a flow that also contributes, what comes too late for that is contributed by itself',
  );
const edit = z
  .strictObject({ ...common, edit: answer, text: answer, attachments: z.array(answer).optional() })
  .describe(
    'New words for a contribution that is still open: the answers that hold its reference, the words, and files. A voice message among these takes the place of the words and of whatever was said before',
  );
const withdraw = z
  .strictObject({ ...common, withdraw: answer })
  .describe('Takes back a contribution that is still open: the answer that holds its reference');
const erase = z
  .strictObject({ ...common, erase: answer })
  .describe(
    'Erases everything that is kept of the person: the answer says what stays of what they gave to the forum, `words` or `count`',
  );
const thread = z
  .strictObject({
    ...common,
    thread: answer,
    textOf: z.array(answer).min(1),
    attachments: z.array(answer).optional(),
    about: answer.optional(),
    receipt: textsSchema.optional(),
    gather: GATHER,
  })
  .describe(
    'Begins a thread that people answer: the answers that hold what it is (question, disagreement, misunderstanding), its words, and the response that it is about; without one it is to the organizers',
  );
const accept = z
  .strictObject({ ...common, accept: answer })
  .describe('The response whose id this answer holds is clear to its reader');
const act = z
  .strictObject({
    ...common,
    act: z.enum(MEMBER_ACTS),
    with: z.array(answer).min(1),
    attachments: z.array(answer).optional(),
  })
  .describe('What a member does by what they have written or sent, and the answers that it takes');
const show = z.strictObject({
  ...common,
  show: z.enum(['timeline', 'dates', 'questions', 'mine', 'privacy', 'record', 'digest']),
});
const expression = z.string().min(1).optional();
const keep = z
  .strictObject({
    ...common,
    keep: z
      .strictObject({ wants: expression, topics: expression, group: expression, place: expression })
      .refine(
        (parts) => Object.values(parts).some((part) => part !== undefined),
        'at least one of wants, topics, group, place',
      ),
  })
  .describe(
    'What the person decides about what reaches them, and tells about themselves: a CEL expression for each part',
  );
const call = z.strictObject({ ...common, call: id });
const jump = z.strictObject({
  ...common,
  jump: z.union([id, z.strictObject({ flow: id, step: id.optional() })], 'a step, or `{ flow: …, step: … }`'),
});
const end = z.strictObject({ ...common, end: z.literal(true) });

/** One schema a kind; the kind is the key that carries it. */
export const STEP_KINDS = {
  ask,
  say,
  branch,
  set,
  keep,
  contribute,
  thread,
  accept,
  act,
  amend,
  edit,
  withdraw,
  erase,
  show,
  call,
  jump,
  end,
};
export type StepKind = keyof typeof STEP_KINDS;

export type Ask = z.infer<typeof ask>;
export type Keep = z.infer<typeof keep>;
export type Contribute = z.infer<typeof contribute>;
export type ThreadStep = z.infer<typeof thread>;
export type Amend = z.infer<typeof amend>;
export type Step =
  | Ask
  | z.infer<typeof say>
  | z.infer<typeof branch>
  | z.infer<typeof set>
  | Keep
  | Contribute
  | ThreadStep
  | z.infer<typeof accept>
  | z.infer<typeof act>
  | Amend
  | z.infer<typeof edit>
  | z.infer<typeof withdraw>
  | z.infer<typeof erase>
  | z.infer<typeof show>
  | z.infer<typeof call>
  | z.infer<typeof jump>
  | z.infer<typeof end>;

export const flowSchema = z.strictObject({
  flow: id,
  version: z.union([z.string(), z.number()], 'a number or a text').transform(String),
  languages: z.array(language).min(1),
  draft: z.boolean().optional().describe('Leaving it half-way asks first'),
  expires: duration
    .optional()
    .describe('Without a word for so long the conversation is over; something half-given in a draft is kept'),
  steps: z
    .array(
      z.union([
        ask,
        say,
        branch,
        set,
        keep,
        contribute,
        amend,
        thread,
        accept,
        act,
        edit,
        withdraw,
        erase,
        show,
        call,
        jump,
        end,
      ]),
    )
    .min(1),
});
export type Flow = z.infer<typeof flowSchema>;
