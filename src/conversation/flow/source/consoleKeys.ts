import { ASIDE_REASONS } from '../../../contributions/asideReasons.ts';
import { CONTRIBUTION_KINDS, CONTRIBUTION_STATES } from '../../../contributions/contribution.ts';
import { FACETS, FLAGS } from '../../../contributions/search.ts';
import { ROLES } from '../../../people/member.ts';
import { DECISIONS, ELEMENTS } from '../../../responses/decision.ts';
import { THREAD_KINDS, THREAD_STATES } from '../../../responses/thread.ts';
import { type PhraseKey, says, withNames } from './catalogKeys.ts';

const PROBLEMS = ['signed_out', 'not_ours', 'stale_form', 'not_for_you', 'missing', 'done_before', 'refused'];

/** Of console.yaml: what members read in the console. */
export const CONSOLE = new Map<string, PhraseKey>([
  ...says('skip', 'ways', 'language', 'language_choose', 'signed_in_as', 'leave', 'left_title'),
  ...says(
    ...[...PROBLEMS, 'too_large', 'no_form', 'failed'].flatMap((problem) => [
      `problem_${problem}`,
      `problem_${problem}_words`,
    ]),
  ),
  ...says('sign_in_terminal', 'enter_title', 'enter_as', 'enter_words', 'enter_button', 'link_used', 'link_used_words'),
  ...says('session_ended', 'sessions_title', 'sessions_words', 'sessions_end_all', 'session_this', 'session_end'),
  ...says('browser_unknown'),
  ...withNames(['name'], 'session_end_of'),
  ...withNames(['started', 'seen', 'ends'], 'session_times'),
  ...says(...ROLES.flatMap((role) => [`role_${role}`, `role_${role}_does`])),
  ...says('side_government', 'side_civil_society', 'side_none'),
  ...says('home_title', 'home_back', 'waiting_title', 'waiting_nothing', 'waiting_in_chat'),
  ...withNames(['count'], 'waiting_threads', 'waiting_proposals', 'waiting_approvals'),
  ...says(...THREAD_KINDS.map((kind) => `thread_${kind}`)),
  ...withNames(['day'], 'thread_due', 'thread_late'),
  ...says('owed_title', 'came_title', 'dates_title', 'dates_none', 'date_hear_back'),
  ...withNames(['count'], 'owed_decision', 'owed_release', 'owed_delivery', 'owed_threads', 'owed_overdue'),
  ...withNames(['count', 'day'], 'promise_by', 'promise_late'),
  ...withNames(['count'], 'came_contributions', 'came_contributors', 'came_threads', 'came_newcomers'),
  ...withNames(['count'], 'states_title'),
  ...says(...CONTRIBUTION_STATES.map((state) => `state_${state}`)),
  ...withNames(['title'], 'date_opens', 'date_closes'),
  ...says('contributions_title', 'contributions_none', 'contributions_more', 'contributions_back'),
  ...withNames(['count'], 'contributions_found'),
  ...says('search_label', 'search_button', 'filters_title', 'filters_button', 'flags_title', 'value_none'),
  ...says(...ASIDE_REASONS.map((reason) => `aside_${reason}`)),
  ...says(...FACETS.map((facet) => `facet_${facet}`), ...FLAGS.map((flag) => `flag_${flag}`)),
  ...says(...CONTRIBUTION_KINDS.map((kind) => `kind_${kind}`), ...DECISIONS.map((decision) => `decision_${decision}`)),
  ...says(...ELEMENTS.map((element) => `element_${element}`)),
  ...says('days_title', 'days_since', 'days_until'),
  ...says('chosen_title', 'chosen_leave', 'chosen_all', 'chosen_search', 'chosen_since', 'chosen_until'),
  ...says('views_title', 'views_keep', 'views_name', 'views_all', 'views_keep_button'),
  ...withNames(['name'], 'views_remove'),
  ...withNames(['reference'], 'choose'),
  ...says('triage_title', 'triage_undo', 'triage_leave', 'triage_none_chosen', 'triage_not_possible'),
  ...withNames(['count'], 'triage_done', 'triage_do', 'triage_look'),
  ...withNames(['unchanged', 'refused'], 'triage_look_others'),
  ...says('tag_title', 'tag_label', 'tag_hint', 'tag_button', 'untag_button'),
  ...says('assign_title', 'assign_member', 'assign_group', 'assign_due', 'assign_button', 'assigned_to'),
  ...withNames(['day'], 'assigned_until'),
  ...says('field_problem', 'field_affected', 'field_place'),
  ...says('given_at', 'given_by', 'given_unnamed'),
  ...says('notes_title', 'notes_none', 'note_label', 'note_hint', 'note_button'),
  ...says(...THREAD_STATES.map((state) => `threads_${state}`), 'threads_title', 'threads_none', 'threads_back'),
  ...says('thread_done', 'thread_person', 'answer_label', 'answer_hint', 'answer_look', 'answer_look_title'),
  ...says('answer_send', 'answer_leave', 'hand_label', 'hand_button', 'close_words', 'close_button'),
  ...withNames(['language'], 'answer_reads'),
  ...says(
    'members_title',
    'members_back',
    'member_no_chat',
    'member_removed',
    'member_added',
    'member_changed',
    'member_coded',
  ),
  ...withNames(['chats'], 'member_chats'),
  ...withNames(['until'], 'member_code_until', 'code_words'),
  ...says(
    'member_add',
    'member_add_button',
    'member_change_button',
    'code_title',
    'code_why',
    'code_button',
    'code_how',
  ),
  ...says('remove_title', 'remove_words', 'remove_button'),
  ...says('member_id', 'member_name', 'member_roles', 'member_side', 'member_organization', 'member_id_hint'),
  ...says('wrong_form', 'wrong_id', 'wrong_id_taken', 'wrong_name', 'wrong_roles', 'wrong_own_role'),
  ...withNames(['most'], 'wrong_too_long'),
]);
