import { expect, test } from 'vitest';
import { signed } from '../../src/sandbox/slackEvents.ts';
import { hears } from '../support/people.ts';
import { startSlackService } from '../support/slackService.ts';
import { createInbox, stage } from '../support/slackStage.ts';

/** docs.slack.dev/reference/events/message, and those that are seen without being documented: Slack's own words. */
const SERVICE = [
  ...[
    'app_conversation_join',
    'app_conversation_leave',
    'assistant_app_thread',
    'bot_add',
    'bot_disable',
    'bot_enable',
  ],
  ...['bot_message', 'bot_remove', 'channel_archive', 'channel_canvas_updated', 'channel_convert_to_private'],
  ...['channel_convert_to_public', 'channel_join', 'channel_leave', 'channel_name', 'channel_posting_permissions'],
  ...['channel_purpose', 'channel_topic', 'channel_unarchive', 'document_mention', 'ekm_access_denied', 'file_changed'],
  ...['file_comment', 'file_created', 'file_deleted', 'file_mention', 'group_archive', 'group_join', 'group_leave'],
  ...['group_name', 'group_purpose', 'group_topic', 'group_unarchive', 'huddle_thread', 'joiner_notification'],
  ...['joiner_notification_for_inviter', 'message_deleted', 'message_replied', 'pinned_item', 'reminder_add'],
  ...['reminder_delete', 'reply_broadcast', 'sh_room_created', 'sh_room_shared', 'share_shortcut', 'slackbot_response'],
  ...['tabbed_canvas_updated', 'tombstone', 'unpinned_item', 'a_kind_to_come'],
];
/** What people say. */
const SAID = ['file_share', 'me_message', 'thread_broadcast'];

/** docs.slack.dev/reference/events: all that the app does not act on. */
const EVENTS = [
  ...['app_context_changed', 'app_deleted', 'app_installed', 'app_mention', 'app_rate_limited', 'app_requested'],
  ...['app_uninstalled', 'app_uninstalled_team', 'assistant_thread_context_changed', 'assistant_thread_started'],
  ...['call_rejected', 'channel_created', 'channel_history_changed', 'channel_id_changed', 'channel_rename'],
  ...['channel_shared', 'channel_unarchive', 'channel_unshared', 'dnd_updated', 'dnd_updated_user'],
  ...['email_domain_changed', 'emoji_changed', 'entity_details_requested', 'file_change', 'file_comment_deleted'],
  ...['file_created', 'file_deleted', 'file_public', 'file_shared', 'file_unshared', 'function_executed'],
  ...['grid_migration_finished', 'grid_migration_started', 'group_close', 'group_history_changed', 'group_open'],
  ...['group_rename', 'group_unarchive', 'im_close', 'im_created', 'im_history_changed', 'im_open'],
  ...['invite_requested', 'link_shared', 'member_joined_channel', 'member_left_channel', 'message_metadata_deleted'],
  ...['message_metadata_posted', 'message_metadata_updated', 'pin_added', 'pin_removed', 'reaction_added'],
  ...['reaction_removed', 'scope_denied', 'scope_granted', 'shared_channel_invite_accepted', 'star_added'],
  ...['star_removed', 'subteam_created', 'subteam_members_changed', 'subteam_self_added', 'subteam_self_removed'],
  ...['subteam_updated', 'team_access_granted', 'team_access_revoked', 'team_domain_change', 'team_join'],
  ...['team_rename', 'tokens_revoked', 'url_verification', 'user_change', 'user_connection', 'user_huddle_changed'],
  ...['user_profile_changed', 'user_status_changed', 'workflow_step_execute', 'an_event_to_come'],
];

async function listening() {
  const { slack, channel } = await stage('http');
  const inbox = createInbox();
  await channel.start(inbox.receive);
  return { slack, channel, inbox, ana: slack.user('UANA') };
}

test('what Slack itself tells in the chat is met with silence, in every documented kind', async () => {
  const { inbox, ana } = await listening();
  for (const subtype of SERVICE) await ana.say(`Of the kind ${subtype}`, { subtype });
  expect(inbox.taken).toEqual([]);
});

test('what people say is read, or they are told that it cannot be, also in kinds that are yet to come', async () => {
  const { inbox, ana } = await listening();
  for (const subtype of SAID) await ana.say(`As ${subtype}`, { subtype });
  await ana.say('As yet unknown', { subtype: 'a_kind_to_come', client_msg_id: '9f1c2a' });
  await ana.say('', { blocks: [{ type: 'video' }] });
  expect(inbox.taken.map(({ content }) => ('text' in content ? content.text : content.kind))).toEqual([
    ...SAID.map((subtype) => `As ${subtype}`),
    'As yet unknown',
    'unsupported',
  ]);
});

test('no event but those that it acts on is taken for anything, whatever it brings', async () => {
  const { slack, inbox } = await listening();
  for (const type of EVENTS)
    for (const more of [
      { user: 'UANA', channel: 'C1', text: 'x' },
      { user: { id: 'UANA' }, channel: { id: 'C1' } },
      {},
    ])
      await slack.event({ type, function_execution_id: 'Fx1', ...more });
  expect(inbox.taken).toEqual([]);
});

test('apps, workflows, Slackbot and people who have left are not contributors', async () => {
  const { slack, inbox, ana } = await listening();
  await ana.say('This message was deleted.', { user: 'USLACKBOT' });
  await ana.say('From an app', { bot_id: 'B9', app_id: 'A9' });
  await slack.user('UBUILDS', { bot: true }).say('A build has failed');
  await slack.user('ULEFT', { deleted: true }).say('I was here');
  expect(inbox.taken).toEqual([]);
});

const who = { user: { id: 'UANA', name: 'ana', team_id: 'E1' }, api_app_id: 'A1', token: 'x' };
const pressed = { type: 'block_actions', ...who, actions: [{ type: 'button', action_id: 'choice:0', value: 'a:y' }] };
const said = { type: 'message', user: 'UBO', text: 'More light', ts: '1700000000.000100' };
const suggesting = { type: 'message_action', ...who, callback_id: 'suggest_message', channel: { id: 'C1' } };
const view = { id: 'V1', type: 'modal', callback_id: 'idea', state: { values: {} } };

test.each([
  ['a modal that is closed', { type: 'view_closed', ...who, team: null, view, is_cleared: true }],
  ['a modal of another app', { type: 'view_submission', ...who, team: null, view: { ...view, callback_id: 'other' } }],
  ['a shortcut that is none of ours', { type: 'shortcut', ...who, team: null, callback_id: 'other', trigger_id: 't' }],
  ['a shortcut on a message that is none of ours', { ...suggesting, callback_id: 'other', message: said }],
  ['a shortcut without its message', { ...suggesting, response_url: 'https://hooks.slack.com/x' }],
  ['a list that is searched', { type: 'block_suggestion', ...who, action_id: 'a', block_id: 'b', value: 'x' }],
  ['a form of the old kind', { type: 'dialog_submission', ...who, callback_id: 'x', submission: {} }],
  ['a press of a link', { ...pressed, actions: [{ type: 'button', action_id: 'link:0' }] }],
  ['nothing', {}],
])('%s is acknowledged, and is nothing that was said', async (_, payload) => {
  const { slack, channel, inbox } = await listening();
  const { headers, body } = signed('interactive', payload, slack.signingSecret);
  expect((await channel.handleHttp(headers, body)).status).toBe(200);
  expect(inbox.taken).toEqual([]);
});

test.each([
  ['without a team', { team: null }],
  ['of an organization', { team: null, enterprise: { id: 'E1', name: 'Org' }, is_enterprise_install: true }],
  ['without a team of its person either', { team: null, user: { id: 'UANA' } }],
  ['without a trigger', { team: { id: 'T1' } }],
  ['of a message that only one person sees', { container: { type: 'message', message_ts: '1.1', is_ephemeral: true } }],
  [
    'of a message that is gone',
    { container: { type: 'message', message_ts: '1.1', channel_id: 'DUANA' }, message: null },
  ],
  ['in a channel', { container: { type: 'message', message_ts: '1.1', channel_id: 'C1' }, channel: { id: 'C1' } }],
])('a press %s is heard, with the person where they always are', async (_, more) => {
  const { slack, channel, inbox } = await listening();
  const { headers, body } = signed('interactive', { ...pressed, ...more }, slack.signingSecret);
  expect((await channel.handleHttp(headers, body)).status).toBe(200);
  expect(inbox.taken).toMatchObject([
    { content: { kind: 'choice', data: 'a:y' }, sender: { key: 'slack:T1:UANA', address: 'DUANA' } },
  ]);
});

const HOSTILE = 'a\u0000b\ud800c';
const TIMES = [Number.MAX_VALUE, -1, 0, 253_402_300_800, 99_999_999_999, Number.NaN, '99999999999.1', null];

const hostileFrom = (user: string) => ({
  type: 'message',
  channel_type: 'im',
  channel: `D${user}`,
  user,
  text: HOSTILE,
  ts: '99999999999.1',
});

test('characters that no text can hold, and times that there are none, are kept as what they can be', async () => {
  const { slack, service } = await startSlackService('http');
  const bo = slack.user('UBO');
  for (const event_time of TIMES) await slack.event(hostileFrom('UBO'), { event_time });
  const file = { id: HOSTILE, name: HOSTILE, mimetype: HOSTILE, size: -1, url_private: HOSTILE };
  await bo.say('', { ts: HOSTILE, thread_ts: HOSTILE, files: [file] });
  const elements = [{ type: 'rich_text_section', elements: [{ type: 'text', text: HOSTILE }] }];
  await bo.say('x', { blocks: [{ type: 'rich_text', elements }] });
  await bo.say('x', { files: [{ size: 'large' }], attachments: [{ is_share: 7 }], blocks: [null, 7] });
  await bo.say('x', { files: ['none', null], attachments: [null, 7], blocks: 'none' });
  const { pool } = service.core.db;
  const turns = async () => (await pool.query('SELECT turn FROM identity')).rows;
  const withheld = 1;
  await expect.poll(turns).toEqual([{ turn: TIMES.length + 3 + withheld }]);
  const { rows } = await pool.query('SELECT state, count(*)::int FROM inbound_update GROUP BY state ORDER BY state');
  expect(rows).toEqual([
    { state: 'done', count: TIMES.length + 3 + withheld },
    { state: 'unreadable', count: 1 },
  ]);
  await hears(bo, 'Do you agree');
});
