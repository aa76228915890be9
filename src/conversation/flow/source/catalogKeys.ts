import { CONTRIBUTION_STATES } from '../../../contributions/contribution.ts';
import { DEEDS, FACTS, PROPERTIES } from '../../../notices/audience/audience.ts';
import { KINDS } from '../../../notices/kinds.ts';
import { ROLES } from '../../../people/member.ts';
import { STAKEHOLDER_GROUPS } from '../../../people/preferences.ts';
import { DECISIONS, ELEMENTS } from '../../../responses/decision.ts';
import { THREAD_KINDS, THREAD_STATES } from '../../../responses/thread.ts';
import { MOST_LABEL } from './lint/words.ts';
import { OFFERS } from './schema.ts';

/** What the code says by one key of a catalog. */
export interface PhraseKey {
  /** The names that the code puts in. */
  names: readonly string[];
  /** Characters that fit, where it is a button. */
  most?: number;
  /** It is said in the languages of people's apps too, which nothing else is in. */
  inAny?: true;
}

/** Characters after which Slack cuts the titles and buttons of forms. */
const SLACK_TITLE = 24;

const says = (...keys: string[]): [string, PhraseKey][] => keys.map((key) => [key, { names: [] }]);
const button = (...keys: string[]): [string, PhraseKey][] => keys.map((key) => [key, { names: [], most: MOST_LABEL }]);
const withNames = (names: string[], ...keys: string[]): [string, PhraseKey][] => keys.map((key) => [key, { names }]);

/** Of `texts` in messages.yaml: what the engine says. */
export const MESSAGES = new Map<string, PhraseKey>([
  ['any_language', { names: ['languages'], inAny: true }],
  // What Telegram shows above an empty chat, and in our profile.
  ['bot_about', { names: [], most: 512 }],
  ['bot_short', { names: [], most: 120 }],
  ...button('yes', 'no', 'agree', 'decline', 'more', 'previous', 'done', 'skip', 'leave_yes', 'leave_no'),
  ...button('stop_yes', 'stop_no'),
  ...button('topic_reminders'),
  ...says(
    'help',
    'unknown_command',
    'cancelled',
    'nothing_open',
    'nothing_before',
    'used_button',
    'earlier_button',
    'pressed_before',
  ),
  ...says(
    'unsupported',
    'failed',
    'leave_ask',
    'unfinished_ask',
    'reminder_nothing',
    'reminder_unfinished',
    'language_ask',
    'language_done',
    'file_left_out',
  ),
  ...says('file_not_given', 'file_taken_out', 'stop_ask', 'stop_not'),
  ...says('talk_thanks', 'talk_greeting', 'talk_goodbye', 'talk_not_taken'),
  ...says(
    'kept_for_later',
    'process_over',
    'too_many_for_later',
    'kept_until_agreed',
    'added',
    'edit_taken',
    'edit_not_taken',
    'stop_alone',
  ),
  ...says('wrong_empty', 'wrong_number', 'wrong_date', 'wrong_media', 'wrong_no_media', 'wrong_answer'),
  ...withNames(['reference'], 'process_over_kept'),
  ...withNames(['process_name'], 'process_closed', 'process_closed_to_newcomer'),
  ...withNames(['count'], 'wrong_choice'),
  ...withNames(['many', 'length'], 'files_photo', 'files_voice', 'files_document'),
  ...withNames(['min'], 'wrong_too_little'),
  ...withNames(['max'], 'wrong_too_much', 'wrong_too_long', 'file_too_large'),
]);

/** Of chat.yaml: what the application says outside the flows. */
export const CHAT = new Map<string, PhraseKey>([
  ...withNames(
    ['reference'],
    'edit_done',
    'rest_added',
    'edit_file_done',
    'edit_file_removed',
    'edit_too_late',
    'edit_too_large',
    'withdraw_done',
    'became_idea',
    'already_withdrawn',
  ),
  ...button(...OFFERS.map((offer) => `offer_${offer}`)),
  ...button('answer_button', 'edit_button', 'withdraw_button', 'mine_show_more'),
  ...withNames(['kind', 'reference'], 'mine_card', 'mine_thread'),
  ...says('mine_thread_answered', 'mine_thread_since'),
  ...withNames(['files'], 'mine_files'),
  ...withNames(['count', 'length'], 'file_photo', 'file_voice', 'file_document'),
  ...withNames(['day'], ...THREAD_STATES.map((state) => `thread_state_${state}`)),
  ...withNames(['count', 'recorded', 'references'], 'answered_together'),
  ...withNames(['length'], 'no_words'),
  ...withNames(['reference', 'day'], 'thread_goes_on'),
  ...withNames(['reference'], ...THREAD_STATES.map((state) => `thread_reworded_${state}`)),
  ...withNames(['reference'], 'thread_ended', 'thread_closed', ...THREAD_KINDS.map((kind) => `thread_answer_${kind}`)),
  ...withNames(['hours'], 'thread_more'),
  ...button('thread_enough'),
  ...says('said_again', 'reply_known', 'slack_in_chat'),
  ...says('question_closed', 'question_over', 'mine_none', 'privacy_words', 'digest_intro'),
  ...button('privacy_erase', 'privacy_record'),
  ...says(
    'record_sent',
    'record_title',
    'record_lead',
    'record_about',
    'record_agreed',
    'record_said',
    'record_answers',
  ),
  ...says(
    'record_threads',
    'record_meetings',
    'record_files',
    'record_messages',
    'record_name',
    'record_channel',
    'record_address',
  ),
  ...says('record_language', 'record_zone', 'record_place', 'record_group', 'record_since', 'record_when'),
  ...says('record_words', 'record_reference', 'record_size'),
  ...withNames(['count'], 'mine_more', 'mine_earlier'),
  ...withNames(['day'], 'question_not_yet', 'question_until'),
  ...says('questions_none'),
  ['question_answer', { names: ['number'], most: MOST_LABEL }],
  ...says(...CONTRIBUTION_STATES.map((state) => `state_${state}`)),
  ...says('timeline_none', 'timeline_all_over', 'timeline_now', 'timeline_next', 'timeline_events', 'timeline_ways'),
  ...withNames(['title', 'day'], 'timeline_now_stage', 'timeline_next_stage'),
  ...withNames(['title', 'day', 'place'], 'timeline_meeting'),
  ...withNames(['city'], 'timeline_zone'),
  ...button('dates_button'),
  ...withNames(['title', 'day'], 'timeline_over', 'timeline_event', 'timeline_event_over', 'timeline_event_cancelled'),
  ...withNames(
    ['day'],
    'timeline_open',
    'timeline_on',
    'timeline_hear_back',
    'timeline_way_from',
    'timeline_way_until',
  ),
  ...withNames(['mode'], 'timeline_mode'),
  ...withNames(['title', 'mode', 'live'], 'timeline_way'),
  ...withNames(['way', 'more'], 'timeline_way_more'),
  ...withNames(['from', 'day'], 'timeline_later'),
  ...['why', 'who', 'how', 'where'].flatMap((part) => withNames([part], `timeline_${part}`)),
  ...button('event_yes', 'event_maybe', 'event_no', 'event_decline'),
  ['event_invite', { names: ['day'], most: MOST_LABEL }],
  ...says('event_ask', 'event_seat', 'event_expected', 'event_promoted', 'event_unknown'),
  ...says('event_said_maybe', 'event_said_maybe_late', 'event_said_no'),
  ...withNames(['count'], 'event_free', 'event_full'),
  ...withNames(['position'], 'event_waiting'),
  ...withNames(['title'], 'event_over', 'event_cancelled'),
  ...says('slack_home_lead', 'slack_home_stopped', 'slack_home_mine', 'slack_home_questions', 'slack_home_more'),
  ...withNames(['day'], 'slack_home_until'),
  ...button('slack_home_agree', 'slack_home_back', 'slack_home_answer', 'slack_home_ask', 'slack_home_topics'),
  ...button('slack_home_language', 'slack_home_privacy', 'slack_home_stop', 'slack_home_organize'),
  ...says('answer_not_yet'),
  ...says('slack_form_end', 'slack_try_again', 'slack_suggested', 'slack_not_suggested'),
  ...['slack_share', 'slack_form_submit', 'slack_form_cancel', 'slack_form_close'].map((key): [string, PhraseKey] => [
    key,
    { names: [], most: SLACK_TITLE },
  ]),
]);

/** Of notices.yaml: the frame around a response, and what notices have in common. */
export const NOTICES = new Map<string, PhraseKey>([
  ['open_chat', { names: [], most: MOST_LABEL }],
  ...says('test_message'),
  ...withNames(['count'], 'response_intro'),
  ...withNames(['yes', 'no'], 'response_overview'),
  ...withNames(['reference'], 'response_heading'),
  ...withNames(['length'], 'response_no_words'),
  ...says('response_invitation', 'response_replaces', 'response_different'),
  ...says(...DECISIONS.map((decision) => `response_was_${decision}`)),
  ...withNames(['kind'], ...DECISIONS.map((decision) => `response_decision_${decision}`)),
  ...says(...ELEMENTS.map((element) => `response_element_${element}`)),
  ...withNames(['element', 'language'], 'response_element_in_language'),
  ...button(...['clear', 'question', 'disagree', 'misunderstood'].map((reply) => `response_button_${reply}`)),
]);

const buttonWith = (names: string[], ...keys: string[]): [string, PhraseKey][] =>
  keys.map((key) => [key, { names, most: MOST_LABEL }]);
const statesOfNotices = ['draft', 'scheduled', 'running', 'paused', 'done', 'cancelled'];

/** Of members.yaml: what members read in the chat. */
export const MEMBERS = new Map<string, PhraseKey>([
  ...withNames(['name'], 'member_joined', 'suggested_lead', 'notice_file', 'notice_by', 'approval_given'),
  ...says(...ROLES.flatMap((role) => [`member_may_${role}`, `role_${role}`])),
  ...says('member_code_wrong', 'member_code_wait', 'suggested_yours', 'group_gone'),
  ...withNames(['title'], 'group_ask', 'group_active', 'group_dropped'),
  ...['overview', 'notices', 'when', 'confirm', 'responses', 'forum', 'calendar'].map((key): [string, PhraseKey] => [
    `title_${key}`,
    { names: [], most: SLACK_TITLE },
  ]),
  ['panel_close', { names: [], most: SLACK_TITLE }],
  ...button(
    'group_yes',
    'group_no',
    'button_overview',
    'button_notices',
    'button_older',
    'button_calendar',
    'button_later',
    'button_sooner',
    'button_forum',
    'button_preview',
  ),
  ...button(
    'button_release',
    'button_read',
    'button_next',
    'button_previous',
    'button_back',
    'button_leave',
    'leave_button',
  ),
  ...button(
    'deed_approve',
    'deed_schedule',
    'deed_pause',
    'deed_resume',
    'deed_cancel',
    'deed_call_back',
    'when_at_once',
    'when_own',
  ),
  ...buttonWith(['time'], 'when_today', 'when_tomorrow', 'when_monday'),
  ...buttonWith(['language'], 'button_in'),
  ...buttonWith(['count'], 'button_waiting', 'send_button', 'approve_button'),
  ...buttonWith(['people'], 'release_button'),
  ...withNames(['name', 'roles'], 'desk_you'),
  ...says('desk_nothing', 'reach_heading', 'reach_none', 'notices_heading', 'leave_ask_chat', 'leave_done'),
  ...withNames(['channel', 'count', 'unagreed', 'gone'], 'reach_channel'),
  ...withNames(['drafts', 'scheduled', 'running', 'paused', 'waiting'], 'notices_counts'),
  ...says(
    'notices_none',
    'notices_newest',
    'waiting_none',
    'waiting_these',
    'notice_responses',
    'notice_seat',
    'audience_everyone',
  ),
  ...says('audience_told', ...STAKEHOLDER_GROUPS.map((group) => `audience_group_${group}`)),
  ...withNames(['count'], 'calendar_lead'),
  ...withNames(['audience', 'count'], 'calendar_whom'),
  ...says('audience_responses', 'audience_seat'),
  ...withNames(['what'], 'audience_people'),
  ...withNames(['name'], 'audience_named'),
  ...withNames(['one'], 'audience_either'),
  ...['and', 'or', 'and_apart', 'or_apart', 'either_or'].flatMap((how) =>
    withNames(['one', 'other'], `audience_${how}`),
  ),
  ...[...PROPERTIES, ...DEEDS].flatMap((name) => withNames(['denied', 'of'], `audience_${name}`)),
  ...FACTS.flatMap((name) => withNames(['denied'], `audience_${name}`)),
  ...withNames(['denied', 'days'], 'audience_unseen'),
  ...Object.keys(KINDS).map((kind): [string, PhraseKey] => [`notice_kind_${kind}`, { names: [], most: SLACK_TITLE }]),
  ...says(...statesOfNotices.map((state) => `notice_is_${state}`)),
  ...says('notice_state_waiting', ...statesOfNotices.map((state) => `notice_state_${state}`)),
  ...withNames(['language'], 'notice_reads'),
  ...withNames(['audience', 'count', 'left'], 'notice_reach'),
  ...withNames(['when'], 'notice_when', 'notice_when_approved', 'send_at'),
  ...says(
    'notice_by_terminal',
    'notice_by_itself',
    'approval_needed',
    'approve_heading',
    'when_passed',
    'when_overtaken',
    'count_changed',
    'changed_meanwhile',
  ),
  ...withNames(['sent', 'recipients'], 'figures_sent'),
  ...withNames(['minutes'], 'figures_left'),
  ...withNames(['zone'], 'when_ask'),
  ...withNames(['most'], 'send_bound'),
  ...says('send_at_once', 'send_own', 'send_needs_approval', 'ready_heading', 'ready_none', 'preview_none'),
  ...withNames(['count'], 'reach_groups', 'reach_contributions', 'ready_unreachable', 'release_replaces', 'send_ask'),
  ...withNames(['count'], 'approve_ask'),
  ...['failed', 'skipped', 'uncertain', 'open'].flatMap((what) => withNames(['count'], `figures_${what}`)),
  ...['pause', 'resume', 'cancel'].flatMap((change) => withNames(['count'], `ask_${change}`)),
  ...['idea', 'answer', 'comment', 'threads'].flatMap((kind) => withNames(['count'], `ledger_${kind}`)),
  ...['title_threads', 'title_decide'].map((key): [string, PhraseKey] => [key, { names: [], most: SLACK_TITLE }]),
  ...buttonWith(['count'], 'button_decide', 'button_confirm'),
  ...button('button_themes', 'theme_none', 'decide_files', 'decide_confirm', 'decide_discard', 'decide_read'),
  ...button('release_one', 'release_theme', 'release_themeless', ...DECISIONS.map((decision) => `decide_${decision}`)),
  ...says(...['decision', ...ELEMENTS].map((name) => `decide_field_${name}`), 'decide_missing'),
  ...withNames(['max'], 'decide_too_long'),
  ['decide_propose', { names: [], most: SLACK_TITLE }],
  ...says('decide_themes', 'decide_none', 'decide_against', 'decide_refused', 'confirm_none', 'release_by_theme'),
  ...withNames(['decision'], 'decide_decided', 'decide_told'),
  ...withNames(['reference'], 'decide_confirmed', 'decide_discarded'),
  ...withNames(['count', 'overdue'], 'waiting_people'),
  ...withNames(['day'], 'waiting_due'),
  ...withNames(['count'], 'waiting_proposals'),
  ...withNames(['count'], 'decide_files_missing'),
  ...withNames(['name'], 'decide_proposed'),
  ...buttonWith(['count'], 'button_people'),
  ...button('thread_button_decide'),
  ...button('thread_button_answer', 'thread_button_open', 'thread_button_hand', 'thread_button_close'),
  ...withNames(['most'], 'thread_file_large'),
  ...says('thread_was', 'thread_file_failed', 'thread_answered_before'),
  ...says('threads_none', 'thread_said', 'thread_is_answered', 'thread_is_closed', 'thread_not_yours'),
  ...withNames(['reference'], ...THREAD_KINDS.map((kind) => `thread_title_${kind}`)),
  ...withNames(['reference'], 'thread_hand_ask', 'thread_hand_none', 'thread_close_ask'),
  ...withNames(['reference'], 'thread_sent', 'thread_kept', 'thread_over'),
  ...withNames(['name'], 'thread_by', 'thread_assigned', 'thread_handed'),
  ...withNames(['day'], 'thread_reply_here', 'thread_is_open'),
  ...withNames(['files'], 'thread_files'),
  ...withNames(['length'], 'thread_no_words'),
  ...withNames(['count', 'length'], 'file_photo', 'file_voice', 'file_document'),
  ...withNames(['reference', 'decision'], 'thread_about'),
  ...says(...DECISIONS.map((decision) => `decided_${decision}`)),
  ...['decision', 'release', 'delivery', 'unreachable'].flatMap((what) => withNames(['count'], `owed_${what}`)),
  ...withNames(['open', 'total'], 'ledger_open'),
  ...withNames(['responses', 'people'], 'ready', 'release_ask'),
  ...withNames(['number', 'count'], 'preview_heading'),
]);

/** Of outreach.yaml: what goes out by the calendar. */
export const OUTREACH = new Map<string, PhraseKey>([
  ...withNames(['name'], 'published_intro', 'changed_intro'),
  ...withNames(['title', 'from', 'day'], 'published_period'),
  ...withNames(['day'], 'published_hear_back'),
  ...withNames(['title', 'day'], 'published_day', 'changed_cancelled', 'changed_removed', 'changed_restored'),
  ...withNames(['title', 'day'], 'changed_new'),
  ...withNames(
    ['title', 'from', 'to'],
    'changed_at',
    'changed_time',
    'changed_place',
    'changed_opens',
    'changed_closes',
  ),
  ...withNames(['from', 'to'], 'changed_hear_back'),
  ...says('no_date', 'event_still', 'event_off'),
  ...withNames(['title', 'day', 'days'], 'remind_stage_opens', 'remind_stage_closes', 'remind_event_tomorrow'),
  ...withNames(['title', 'day', 'days'], 'remind_draft_out'),
  ...button('timeline_button', 'remind_button_document', 'remind_button_comment', 'remind_button_flow'),
]);

/** Buttons that stand together: what is typed must tell them apart. */
export const TOGETHER = [
  ['yes', 'no'],
  ['agree', 'decline'],
  ['leave_yes', 'leave_no'],
  ['stop_yes', 'stop_no'],
  ['skip', 'done'],
] as const;
