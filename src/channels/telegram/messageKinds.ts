import type { Message } from 'grammy/types';

/** What somebody says, shows or passes on. */
type Said =
  | ('text' | 'rich_message' | 'animation' | 'audio' | 'document' | 'live_photo' | 'paid_media' | 'photo' | 'sticker')
  | ('story' | 'video' | 'video_note' | 'voice' | 'contact' | 'dice' | 'game' | 'poll' | 'venue' | 'location')
  | ('checklist' | 'entities' | 'suggested_post_info');

/** What Telegram itself tells in a chat, such as a pinned message or a changed timer: nobody waits for an answer. */
type Service = Exclude<keyof Message, keyof Message.MediaMessage | Said>;

/** The compiler holds the list together with the Bot API's: a new kind of message has to be one or the other. */
const SERVICE: Record<Service, true> = {
  checklist_tasks_done: true,
  checklist_tasks_added: true,
  community_chat_added: true,
  community_chat_removed: true,
  suggested_post_approved: true,
  suggested_post_approval_failed: true,
  suggested_post_declined: true,
  suggested_post_paid: true,
  suggested_post_refunded: true,
  chat_owner_left: true,
  chat_owner_changed: true,
  new_chat_members: true,
  community_chat_joined: true,
  left_chat_member: true,
  new_chat_title: true,
  new_chat_photo: true,
  delete_chat_photo: true,
  group_chat_created: true,
  supergroup_chat_created: true,
  channel_chat_created: true,
  managed_bot_created: true,
  poll_option_added: true,
  poll_option_deleted: true,
  message_auto_delete_timer_changed: true,
  migrate_to_chat_id: true,
  migrate_from_chat_id: true,
  pinned_message: true,
  invoice: true,
  successful_payment: true,
  refunded_payment: true,
  users_shared: true,
  chat_shared: true,
  connected_website: true,
  write_access_allowed: true,
  passport_data: true,
  proximity_alert_triggered: true,
  boost_added: true,
  chat_background_set: true,
  forum_topic_created: true,
  forum_topic_edited: true,
  forum_topic_closed: true,
  forum_topic_reopened: true,
  general_forum_topic_hidden: true,
  general_forum_topic_unhidden: true,
  giveaway_created: true,
  giveaway: true,
  giveaway_winners: true,
  giveaway_completed: true,
  gift: true,
  gift_upgrade_sent: true,
  unique_gift: true,
  paid_message_price_changed: true,
  direct_message_price_changed: true,
  video_chat_scheduled: true,
  video_chat_started: true,
  video_chat_ended: true,
  video_chat_participants_invited: true,
  web_app_data: true,
};

/** Whether a message is one of the platform's own, by the names of what is in it. */
export const isService = (message: object): boolean => Object.keys(message).some((key) => Object.hasOwn(SERVICE, key));
