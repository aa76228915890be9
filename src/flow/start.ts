import { keepLoose, type Loose, stale } from './answer.ts';
import type { FlowBook } from './book.ts';
import type { CommandInput } from './commands.ts';
import { begin } from './proceed.ts';
import { type Run, tell } from './run.ts';
import type { Flow } from './source/schema.ts';
import { askToLeave } from './system.ts';
import type { Answer, Begin, Input, Session } from './types.ts';

/** Begun by the application alone, with answers that only it can give. */
const INNER = new Set(['loose', 'question', 'respond', 'edit', 'withdraw']);

/** Whether a person may begin it by its name: as a command, or from a deep link. */
export const isOpenTo = (book: FlowBook, flow: string): boolean => !INNER.has(flow) && book.get(flow) !== undefined;

export const startAnswers = (run: Run, command: CommandInput): Record<string, string> =>
  isOpenTo(run.book, command.argument) ? { goto: command.argument } : {};

/** A half-given idea is never thrown away by a button: the person is asked first. */
export function startUnlessBusy(run: Run, input: Begin): void {
  if (hasDraft(run)) return askToLeave(run, input);
  if (run.session) run.events.push({ kind: 'ended', flow: run.session.stack[0]?.flow ?? '', how: 'left' });
  start(run, input);
}

/** Nothing that keeps somebody's words begins before they have agreed to that. A response's buttons are beyond it. */
export function start(run: Run, { flow, answers }: Begin): void {
  const { book, person } = run;
  const first = !person.consented && !['welcome', 'respond'].includes(flow) && book.get('welcome') !== undefined;
  if (first && keepsWords(book, flow)) begin(run, 'welcome', { ...answers, goto: flow });
  else begin(run, flow, answers);
}

function keepsWords(book: FlowBook, id: string, seen: ReadonlySet<string> = new Set()): boolean {
  if (seen.has(id)) return false;
  const within = new Set([...seen, id]);
  return (book.get(id)?.steps ?? []).some((step) => {
    if ('contribute' in step) return true;
    if ('call' in step) return keepsWords(book, step.call, within);
    return 'jump' in step && typeof step.jump === 'object' && keepsWords(book, step.jump.flow, within);
  });
}

/** Whether something that a draft flow asked for has been answered and would be lost. */
export function hasDraft(run: Run): boolean {
  const { session, book } = run;
  if (!session) return false;
  const drafts = session.stack.map((frame) => book.get(frame.flow, frame.version)).filter((flow) => flow?.draft);
  return drafts.some((flow) => namesAsked(flow).some((name) => Object.hasOwn(session.answers, name)));
}

const namesAsked = (flow: Flow | undefined): string[] =>
  (flow?.steps ?? []).flatMap((step) => ('ask' in step ? [step.save ?? step.id] : []));

/** A form's fields as answers: only what its flow asks for; whoever left a field empty has skipped it. */
export function formAnswers(run: Run, form: string, fields: Record<string, string>): Record<string, Answer> {
  const asks = (run.book.get(form)?.steps ?? []).filter((step) => 'ask' in step && step.ask !== 'consent');
  const entries = asks.flatMap((step): [string, Answer][] => {
    if (!('ask' in step)) return [];
    const name = step.save ?? step.id;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field !== undefined && field.trim() !== '') return [[name, field]];
    return step.skip ? [[name, null]] : [];
  });
  return Object.fromEntries(entries);
}

/** Nothing is open: words are kept whole and asked about, never dropped. */
export function idle(run: Run, input: Input): void {
  run.session = null;
  if (input.kind === 'choice') return stale(run, input);
  if (input.kind === 'unsupported') return tell(run, 'unsupported');
  const loose = looseIn(input);
  if (!loose) return;
  if (run.person.consented) return keepLoose(run, loose);
  begin(run, 'welcome', { said: loose.said, files: loose.file });
  if (run.session) (run.session as Session).messageId = loose.messageId;
}

function looseIn(input: Input): Loose | null {
  if (input.kind === 'text') return { said: input.text, file: null, messageId: input.messageId ?? null };
  if (input.kind !== 'media') return null;
  return { said: input.caption.trim() === '' ? null : input.caption, file: input.attachment, messageId: null };
}
