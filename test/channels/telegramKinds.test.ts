import { describe, expect, test } from 'vitest';
import { parseUpdate } from '../../src/channels/telegram/parse.ts';

const BOT = 4711;
const NOW = 1_795_000_000_000;

const person = { id: 55, is_bot: false, first_name: 'Ada' };
const chat = { id: 55, type: 'private', first_name: 'Ada' };
const other = { message_id: 3, date: 1_690_000_000, chat, text: 'hello' };
const place = { latitude: 38.7, longitude: -9.1 };
const file = { file_id: 'f', file_unique_id: 'u' };
const rich = { blocks: [{ type: 'paragraph', text: 'More benches' }] };
const gift = { gift: { id: 'g', sticker: { ...file, width: 9, height: 9 }, star_count: 5 } };

/** What somebody says or shows that is neither words nor a file that we read. */
const SAID: Record<string, unknown> = {
  sticker: { ...file, type: 'regular', width: 512, height: 512, is_animated: false, is_video: false },
  story: { chat, id: 4 },
  contact: { phone_number: '+351000', first_name: 'Eve' },
  dice: { emoji: '🎲', value: 4 },
  game: { title: 'Chess', description: '', photo: [] },
  poll: { id: '1', question: 'When?', options: [], is_closed: false, type: 'regular' },
  venue: { location: place, title: 'Town hall', address: '1 Main Street' },
  location: place,
  checklist: { title: 'To do', tasks: [] },
  paid_media: { star_count: 1, paid_media: [] },
  rich_message: rich,
};

/** What Telegram itself tells in a chat, whether it can come in a private one or not. */
const TOLD: Record<string, unknown> = {
  pinned_message: other,
  message_auto_delete_timer_changed: { message_auto_delete_time: 86_400 },
  chat_background_set: { type: { type: 'chat_theme', theme_name: '🏎' } },
  write_access_allowed: { from_request: true },
  connected_website: 'city.example',
  users_shared: { request_id: 1, users: [{ user_id: 77 }] },
  chat_shared: { request_id: 1, chat_id: -5 },
  web_app_data: { data: 'x', button_text: 'Open' },
  passport_data: { data: [], credentials: {} },
  proximity_alert_triggered: { traveler: person, watcher: person, distance: 5 },
  successful_payment: { currency: 'XTR', total_amount: 5, invoice_payload: 'x' },
  refunded_payment: { currency: 'XTR', total_amount: 5, invoice_payload: 'x' },
  invoice: { title: 'x', description: 'x', start_parameter: 'x', currency: 'EUR', total_amount: 5 },
  gift,
  unique_gift: { gift: {}, origin: 'transfer' },
  gift_upgrade_sent: gift,
  paid_message_price_changed: { paid_message_star_count: 5 },
  direct_message_price_changed: { are_direct_messages_enabled: true },
  boost_added: { boost_count: 1 },
  giveaway_created: {},
  giveaway: { chats: [], winners_selection_date: 1, winner_count: 1 },
  giveaway_winners: { chat, giveaway_message_id: 1, winner_count: 1, winners: [] },
  giveaway_completed: { winner_count: 1 },
  checklist_tasks_done: { marked_as_done_task_ids: [1] },
  checklist_tasks_added: { tasks: [] },
  poll_option_added: { option_persistent_id: '1', option_text: 'x' },
  poll_option_deleted: { option_persistent_id: '1', option_text: 'x' },
  managed_bot_created: { bot: { id: 9, is_bot: true, first_name: 'Bot' } },
  forum_topic_created: { name: 'Schools', icon_color: 7_322_096 },
  forum_topic_edited: { name: 'Health' },
  forum_topic_closed: {},
  forum_topic_reopened: {},
  general_forum_topic_hidden: {},
  general_forum_topic_unhidden: {},
  video_chat_scheduled: { start_date: 1 },
  video_chat_started: {},
  video_chat_ended: { duration: 5 },
  video_chat_participants_invited: { users: [person] },
  new_chat_members: [person],
  left_chat_member: person,
  new_chat_title: 'Neighbours',
  new_chat_photo: [{ ...file, width: 9, height: 9 }],
  delete_chat_photo: true,
  group_chat_created: true,
  supergroup_chat_created: true,
  channel_chat_created: true,
  migrate_from_chat_id: -55,
  chat_owner_left: {},
  chat_owner_changed: { new_owner: person },
  community_chat_added: {},
  community_chat_removed: {},
  community_chat_joined: {},
  suggested_post_approved: { send_date: 1 },
  suggested_post_approval_failed: {},
  suggested_post_declined: {},
  suggested_post_paid: { currency: 'XTR' },
  suggested_post_refunded: { reason: 'post_deleted' },
};

const update = (kind: string, content: unknown, as = 'message', where: object = chat) => ({
  update_id: 1,
  [as]: { message_id: 12, date: 1_700_000_000, chat: where, from: person, [kind]: content },
});
const contentOf = (given: object) => parseUpdate(given, BOT, NOW)?.inbound.content ?? null;

test.each(Object.entries(SAID))('%s is something said, and gets an answer', (kind, content) => {
  expect(contentOf(update(kind, content))).toEqual({ kind: 'unsupported', what: 'message' });
});

test.each(Object.entries(TOLD))('%s is told by Telegram itself, and nobody waits for an answer', (kind, content) => {
  expect(contentOf(update(kind, content))).toBeNull();
});

test.each(Object.entries({ ...SAID, ...TOLD }))('%s changed afterwards is not news', (kind, content) => {
  expect(contentOf(update(kind, content, 'edited_message'))).toBeNull();
});

test.each(Object.entries({ ...SAID, ...TOLD }))('%s in a group is not for us', (kind, content) => {
  const group = { id: -5, type: 'group', title: 'Neighbours' };
  for (const as of ['message', 'edited_message']) expect(contentOf(update(kind, content, as, group))).toBeNull();
});

test.each(['channel_post', 'business_message', 'guest_message', 'edited_business_message', 'message_of_the_future'])(
  'a %s is not for us',
  (as) => {
    expect(contentOf(update('text', 'hello', as))).toBeNull();
  },
);

/** Every place of a whole update, one after the other, with something in it that does not belong there. */
const WHOLE = {
  update_id: 1,
  message: {
    ...{ message_id: 12, message_thread_id: 4, is_topic_message: true, date: 1_700_000_000, edit_date: 1_700_000_000 },
    ...{ chat, from: { ...person, language_code: 'en' }, media_group_id: '7', text: 'The plan', caption: 'A plan' },
    entities: [{ type: 'text_link', offset: 4, length: 4, url: 'https://city.example' }],
    caption_entities: [{ type: 'text_link', offset: 0, length: 1, url: 'https://city.example' }],
    forward_origin: { type: 'user', date: 1, sender_user: person },
    photo: [{ ...file, file_size: 9 }],
    document: { ...file, file_name: 'a.pdf', mime_type: 'application/pdf', file_size: 9 },
  },
};
const SPOILT = [
  ...['a\0b', '\uD83D', '\0', '', null, true, [], {}, -1, 0, 1.5, 1e300],
  ...[253_402_300_800, 8.64e12, Number.MAX_SAFE_INTEGER],
];

function spoilt(whole: object, path: readonly string[], value: unknown): object {
  const [first = '', ...rest] = path;
  const inner = (whole as Record<string, object>)[first];
  const made = rest.length === 0 ? value : spoilt(inner ?? {}, rest, value);
  if (Array.isArray(whole)) return whole.map((each, index) => (String(index) === first ? made : each));
  const copy: Record<string, unknown> = { ...whole, [first]: made };
  if (rest.length === 0 && value === undefined) delete copy[first];
  return copy;
}

const placesOf = (value: unknown, path: string[] = []): string[][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...placesOf(inner, [...path, key])])
    : [];

/** What cannot be read is kept as it came. */
function parsedIfReadable(raw: unknown) {
  try {
    return parseUpdate(raw, BOT, NOW);
  } catch (error) {
    expect(error).toMatchObject({ message: expect.stringMatching(/^of another shape than expected/) });
    return null;
  }
}

const { message: edited_message } = WHOLE;
const group = { id: -5, type: 'group', title: 'Neighbours' };
const ROWS: Record<string, object> = {
  'a message': WHOLE,
  'an edited message': { update_id: 1, edited_message },
  'a pressed button': {
    update_id: 1,
    callback_query: { id: '4', from: person, data: 'a.flow:idea', message: { ...other, message_thread_id: 4 } },
  },
  'an arrival in a group': {
    update_id: 1,
    my_chat_member: {
      ...{ chat: group, from: person, date: 1_700_000_000 },
      ...{ old_chat_member: { status: 'left' }, new_chat_member: { status: 'restricted', is_member: true } },
    },
  },
};

describe.each(Object.entries(ROWS))('of %s', (_, whole) => {
  test.each(placesOf(whole).map((path) => [path.join('.'), path] as const))(
    'whatever stands at %s, or nothing, what is taken can be stored',
    (_, path) => {
      for (const value of [...SPOILT, undefined]) {
        const parsed = parsedIfReadable(spoilt(whole, path, value));
        if (!parsed) continue;
        const written = JSON.stringify(parsed.inbound);
        expect(written).not.toContain('\\u0000');
        expect(written).not.toMatch(/\\ud[89a-f]/i);
        expect(new Date(parsed.inbound.at).toISOString()).toMatch(/^\d{4}-/);
      }
    },
  );
});
