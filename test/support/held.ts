/**
 * Every column there is, and what becomes of it when somebody has themselves erased. `theirs`: it can hold something of theirs,
 * and nothing of that is left. `words`: the same, but it stays where they let the forum keep their words. `fact`: it says
 * nothing of who they are (numbers of ours, states, kinds, moments). `chosen`: what they chose from a list, or when; it is
 * as it is for a newcomer. A table with no columns here is about nobody who can be erased.
 */
type Column = 'theirs' | 'words' | 'chosen' | 'fact';

const facts = (...names: string[]): Record<string, Column> => Object.fromEntries(names.map((name) => [name, 'fact']));
const theirs = (...names: string[]): Record<string, Column> =>
  Object.fromEntries(names.map((name) => [name, 'theirs']));
const chosen = (...names: string[]): Record<string, Column> =>
  Object.fromEntries(names.map((name) => [name, 'chosen']));
const words = (...names: string[]): Record<string, Column> => Object.fromEntries(names.map((name) => [name, 'words']));

export const HELD: Record<string, Record<string, Column>> = {
  identity: {
    ...theirs('key', 'contributor_id', 'address', 'name', 'language', 'consent_version', 'source', 'zone'),
    ...theirs('place', 'topics', 'session', 'pacing'),
    ...chosen('stakeholder_group', 'language_chosen', 'consent_at', 'wants', 'timeline_seen'),
    ...chosen('timeout_at', 'busy_until', 'asked_in', 'answer_at', 'remind_at', 'reminded_at'),
    ...facts('id', 'kind', 'channel', 'status', 'turn', 'joined_at', 'seen_at'),
  },
  consent_change: { ...theirs('words', 'version'), ...facts('id', 'identity_id', 'change', 'at') },
  inbound_update: {
    ...theirs('id', 'person', 'payload', 'error'),
    ...facts('at', 'seq', 'state', 'attempts', 'next_at'),
  },
  contribution: {
    ...theirs('contributor_id', 'attachments', 'source', 'attribution_name', 'parts'),
    ...words('text', 'fields'),
    ...facts(
      'id',
      'reference',
      'identity_id',
      'kind',
      'language',
      'channel',
      'question',
      'theme',
      'attribution',
      'state',
    ),
    ...facts('version', 'indexed', 'compared', 'submitted_at', 'updated_at', 'process_id'),
  },
  // Made again of the words that stay.
  contribution_search: {
    ...theirs('folded', 'words', 'mark'),
    ...facts('contribution_id', 'process_id', 'configuration'),
  },
  triage: facts('contribution_id', 'tags', 'assigned', 'working_group', 'due_on', 'aside', 'updated_at'),
  similar_contribution: facts('contribution_id', 'other_id', 'similarity'),
  note: { ...theirs('text'), ...facts('id', 'contribution_id', 'by', 'mentions', 'at') },
  contribution_version: {
    ...words('text', 'fields'),
    ...theirs('attachments'),
    ...facts('contribution_id', 'version', 'at'),
  },
  response: {
    ...words('input', 'considered', 'influence', 'reason', 'beyond', 'languages', 'translations'),
    ...facts(
      'id',
      'contribution_id',
      'number',
      'decision',
      'state',
      'notice_id',
      'created_at',
      'released_at',
      'accepted_at',
    ),
  },
  proposal: {
    ...theirs('input', 'considered', 'influence', 'reason', 'beyond'),
    ...facts('id', 'contribution_id', 'decision', 'by', 'at', 'state'),
  },
  opinion: { ...theirs('words'), ...facts('proposal_id', 'by', 'side', 'agrees', 'at') },
  interest: facts('contribution_id', 'by', 'at'),
  override: {},
  decision_draft: { ...theirs('fields'), ...facts('member_id', 'contribution_id', 'at') },
  home_view: { ...theirs('key', 'mark'), ...facts('opened_at', 'checked_at') },
  thread: facts(
    ...[
      'id',
      'reference',
      'kind',
      'state',
      'identity_id',
      'response_id',
      'contribution_id',
      'assigned',
      'opened_at',
      'due_at',
    ],
    ...['closed_at', 'closed_by', 'process_id'],
  ),
  thread_message: {
    ...theirs('text', 'attachments', 'language', 'message_id', 'earlier'),
    ...facts('id', 'thread_id', 'by', 'at', 'told_at', 'taken_out_at'),
  },
  delivery: {
    ...theirs('address', 'payload', 'refs', 'revision'),
    ...facts(
      'id',
      'notice_id',
      'thread_id',
      'identity_id',
      'channel',
      'state',
      'reason',
      'lease',
      'lease_until',
      'not_before',
    ),
    ...facts('attempts', 'doubts', 'messages_done', 'parts_done', 'receipt', 'revised', 'created_at', 'settled_at'),
  },
  attachment: {
    ...theirs('ref', 'bytes', 'reason'),
    ...facts('id', 'channel', 'identity_id', 'state', 'attempts', 'next_at', 'at', 'needed_at'),
  },
  attendance: facts('event', 'identity_id', 'answer', 'seat', 'since', 'at', 'process_id'),
  member_identity: { ...theirs('identity_key', 'code_hash'), ...facts('member_id', 'at', 'told_at') },
  member_attempt: { ...theirs('identity_key'), ...facts('wrong', 'since') },
  // What members and the program do, and what everybody is told.
  ...Object.fromEntries(
    [
      ...['setting', 'process', 'process_version', 'flow_version', 'script', 'timeline', 'link', 'member', 'audit'],
      ...['console_link', 'console_session'],
      ...['triage_step', 'saved_view', 'notice', 'notice_event', 'notice_revision', 'notice_file', 'rate_gate'],
    ].map((table) => [table, {}]),
  ),
};

/** The columns of this kind, as `table.column`. */
export const columnsHeld = (...kinds: Column[]): string[] =>
  Object.entries(HELD).flatMap(([table, columns]) =>
    Object.entries(columns).flatMap(([name, kind]) => (kinds.includes(kind) ? [`${table}.${name}`] : [])),
  );
