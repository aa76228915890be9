import type { SlackEventKind } from './slackEvents.ts';
import type { SlackPayload } from './slackPayload.ts';

/** What an app was granted when it was installed, and which events it asked for. */
export interface Grants {
  scopes: string[];
  events: string[];
}

/** docs.slack.dev/reference/methods: the scope that a call needs; what is not here needs none. */
const OF_CALLS: Record<string, string> = {
  'bots.info': 'users:read',
  'chat.delete': 'chat:write',
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  'conversations.open': 'im:write',
  'files.completeUploadExternal': 'files:write',
  'files.delete': 'files:write',
  'files.info': 'files:read',
  'files.getUploadURLExternal': 'files:write',
  'users.info': 'users:read',
};
/** docs.slack.dev/reference/events. */
const OF_EVENTS: Record<string, string> = {
  channel_archive: 'channels:read',
  channel_deleted: 'channels:read',
  channel_left: 'channels:read',
  group_archive: 'groups:read',
  group_deleted: 'groups:read',
  group_left: 'groups:read',
  'message.im': 'im:history',
};

/** What reads about a channel needs; private ones have a scope of their own. */
const ofChannel = (isPrivate: boolean): string => (isPrivate ? 'groups:read' : 'channels:read');

/** Without grants everything is allowed. `isPrivate`: of the channel that the call is about. */
export function mayCall(method: string, grants: Grants | null, isPrivate = false): boolean {
  const read = method === 'conversations.info' ? ofChannel(isPrivate) : OF_CALLS[method];
  const needed = method.startsWith('/files/') ? 'files:read' : read;
  return grants === null || needed === undefined || grants.scopes.includes(needed);
}

/** Whether the app is told of it at all. */
export function mayHear(kind: SlackEventKind, payload: SlackPayload, grants: Grants | null): boolean {
  if (grants === null) return true;
  if (kind === 'slash_commands' || payload.type === 'message_action') return grants.scopes.includes('commands');
  if (kind === 'interactive') return true;
  const { type, channel_type } = payload.event as { type: string; channel_type?: string };
  const isMembership = type.startsWith('member_');
  const name = channel_type === undefined || isMembership ? type : `${type}.${channel_type}`;
  const needed = isMembership ? ofChannel(channel_type === 'G') : OF_EVENTS[name];
  return grants.events.includes(name) && (needed === undefined || grants.scopes.includes(needed));
}
