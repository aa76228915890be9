import type { NoticeState } from '../notices/notice.ts';
import { APPROVERS, READERS, ROLES, type Role } from '../people/member.ts';

/** One line of the table. */
export interface Rule {
  /**
   * Members of any of these roles may; `who runs it`: of the role that runs notices of its kind;
   * `who answers it`: of a role that answers threads of its kind.
   */
  by: readonly Role[] | 'who runs it' | 'who answers it';
  /** The states of a notice in which it can be done; null: in any, or it is not done to a notice. */
  in: readonly NoticeState[] | null;
  /** It takes a second member: neither the one who was the first, nor an operator. */
  second: boolean;
  /** For the words of a refusal: "ben may not schedule", and "is done and cannot be scheduled any more". */
  verb: string;
  participle: string;
}

const ORGANIZERS: readonly Role[] = ['organizer'];
const FORUM: readonly Role[] = ['forum'];
const ADMINS: readonly Role[] = ['admin'];
const ANY_STATE = null;
const ALIVE = ['draft', 'scheduled', 'running', 'paused'] as const;

const rule = (by: Rule['by'], states: Rule['in'], verb: string, participle = `${verb}d`, second = false): Rule => ({
  by,
  in: states,
  second,
  verb,
  participle,
});

/**
 * Who may do what, and when: everything that members and operators do that affects others is a line here, and is done only in
 * `actions`. An operator, at the machine's terminal, may do everything except act as the second member.
 */
export const ACTIONS = {
  'notices.create': rule(ORGANIZERS, ANY_STATE, 'write notices', 'written'),
  'notices.repeat': rule(ORGANIZERS, ANY_STATE, 'repeat notices', 'repeated'),
  'notices.test': rule(ORGANIZERS, ANY_STATE, 'test notices', 'tested'),
  'notices.schedule': rule('who runs it', ['draft', 'scheduled'], 'schedule'),
  'notices.approve': rule(APPROVERS, ['scheduled', 'paused'], 'approve', 'approved', true),
  'notices.pause': rule('who runs it', ['scheduled', 'running'], 'pause'),
  'notices.resume': rule('who runs it', ['paused'], 'resume'),
  'notices.cancel': rule('who runs it', ALIVE, 'cancel', 'cancelled'),
  'notices.retry': rule('who runs it', ['running', 'paused', 'done'], 'retry', 'retried'),
  'notices.edit': rule('who runs it', [...ALIVE, 'done'], 'edit', 'changed'),
  /** An edit of words that two members approved: one asks for it, then another. */
  'notices.propose': rule(APPROVERS, ['running', 'paused', 'done'], 'edit what was approved', 'changed'),
  'notices.recall': rule('who runs it', [...ALIVE, 'done', 'cancelled'], 'recall', 'recalled'),
  'responses.import': rule(FORUM, ANY_STATE, 'decide', 'decided'),
  'responses.propose': rule(FORUM, ANY_STATE, 'propose decisions', 'proposed'),
  'responses.confirm': rule(FORUM, ANY_STATE, 'confirm', 'confirmed', true),
  'responses.dissent': rule(FORUM, ANY_STATE, 'disagree with decisions', 'disagreed with'),
  'responses.declare_interest': rule(FORUM, ANY_STATE, 'declare an interest of their own', 'declared'),
  'responses.withdraw_interest': rule(FORUM, ANY_STATE, 'take back an interest of their own', 'taken back'),
  'responses.take_back': rule(FORUM, ANY_STATE, 'take proposals back', 'taken back'),
  'responses.undo': rule(FORUM, ANY_STATE, 'take decisions back', 'taken back'),
  'responses.release': rule(FORUM, ANY_STATE, 'release', 'released'),
  'threads.answer': rule('who answers it', ANY_STATE, 'answer', 'answered'),
  'threads.hand': rule('who answers it', ANY_STATE, 'hand over', 'handed over'),
  'threads.close': rule('who answers it', ANY_STATE, 'close', 'closed'),
  'process.apply': rule(ORGANIZERS, ANY_STATE, 'change the process', 'changed'),
  'process.close': rule(ORGANIZERS, ANY_STATE, 'close the process', 'closed'),
  'process.finalize': rule(APPROVERS, ANY_STATE, 'finalize the process', 'finalized'),
  'process.override': rule(FORUM, ANY_STATE, 'finalize what owes something', 'finalized'),
  'process.confirm_override': rule(FORUM, ANY_STATE, 'confirm', 'confirmed', true),
  'process.publish': rule(ORGANIZERS, ANY_STATE, 'publish the timeline', 'published'),
  'members.add': rule(ADMINS, ANY_STATE, 'add members', 'added'),
  'members.remove': rule(ADMINS, ANY_STATE, 'remove members', 'removed'),
  'members.join': rule(ROLES, ANY_STATE, 'join', 'joined'),
  'members.leave': rule(ROLES, ANY_STATE, 'leave', 'left'),
  /** Into the console, by a link of one's own; out of it; and the language in which it speaks to one. */
  'console.link': rule(ROLES, ANY_STATE, 'make links into the console', 'made'),
  'console.enter': rule(ROLES, ANY_STATE, 'enter the console', 'entered'),
  'console.end': rule(ROLES, ANY_STATE, 'end sessions', 'ended'),
  'console.speak': rule(ROLES, ANY_STATE, 'choose a language', 'chosen'),
  'groups.ask': rule(ORGANIZERS, ANY_STATE, 'add groups', 'added'),
  'groups.subscribe': rule(ORGANIZERS, ANY_STATE, 'send announcements to groups', 'sent announcements'),
  'groups.drop': rule(ORGANIZERS, ANY_STATE, 'keep announcements from groups', 'dropped'),
  'links.create': rule(ORGANIZERS, ANY_STATE, 'make links', 'made'),
  /** By letter: in the chat everybody does it themselves. */
  'people.erase': rule(ORGANIZERS, ANY_STATE, 'erase people', 'erased'),
  'contributions.tag': rule(APPROVERS, ANY_STATE, 'tag contributions', 'tagged'),
  'contributions.assign': rule(APPROVERS, ANY_STATE, 'assign contributions', 'assigned'),
  'contributions.setAside': rule(APPROVERS, ANY_STATE, 'set contributions aside', 'set aside'),
  'contributions.restore': rule(APPROVERS, ANY_STATE, 'restore contributions', 'restored'),
  'contributions.note': rule(APPROVERS, ANY_STATE, 'write notes', 'noted'),
  'contributions.undo': rule(APPROVERS, ANY_STATE, 'undo what was done to contributions', 'undone'),
  'views.save': rule(APPROVERS, ANY_STATE, 'save views', 'saved'),
  'views.remove': rule(APPROVERS, ANY_STATE, 'remove views', 'removed'),
  // These change nothing, and show what people said, or who they are.
  'contributions.list': rule(READERS, ANY_STATE, 'read contributions', 'read'),
  'contributions.export': rule(READERS, ANY_STATE, 'export contributions', 'exported'),
  'contributions.files': rule(READERS, ANY_STATE, 'fetch files', 'fetched'),
  'people.export': rule(ORGANIZERS, ANY_STATE, 'see what is held about people', 'seen'),
  'responses.preview': rule(READERS, ANY_STATE, 'read responses', 'read'),
  'threads.list': rule(READERS, ANY_STATE, 'read questions', 'read'),
  'threads.show': rule(READERS, ANY_STATE, 'read questions', 'read'),
  'notices.uncertain': rule(ORGANIZERS, ANY_STATE, 'see who is in doubt', 'seen'),
  'notices.report': rule(READERS, ANY_STATE, 'read reports', 'read'),
  'updates.show': rule(ORGANIZERS, ANY_STATE, 'read what came in', 'read'),
} as const satisfies Record<string, Rule>;

export type ActionName = keyof typeof ACTIONS;
export const ACTION_NAMES = Object.keys(ACTIONS) as ActionName[];
