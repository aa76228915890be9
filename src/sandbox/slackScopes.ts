import type { Kind } from './slackEvents.ts';
import type { Payload } from './slackPayload.ts';

/** What an app was granted when it was installed, and which events it asked for. */
export interface Grants {
  scopes: string[];
  events: string[];
}

/** docs.slack.dev/reference/methods: the scope that a call needs; what is not here needs none. */
const OF_CALLS: Record<string, string> = {
  'chat.postMessage': 'chat:write',
  'conversations.open': 'im:write',
  'files.completeUploadExternal': 'files:write',
  'files.getUploadURLExternal': 'files:write',
  'users.info': 'users:read',
};
/** docs.slack.dev/reference/events. */
const OF_EVENTS: Record<string, string> = { 'message.im': 'im:history' };

/** Without grants everything is allowed. */
export function mayCall(method: string, grants: Grants | null): boolean {
  const needed = method.startsWith('/files/') ? 'files:read' : OF_CALLS[method];
  return grants === null || needed === undefined || grants.scopes.includes(needed);
}

/** Whether the app is told of it at all. */
export function mayHear(kind: Kind, payload: Payload, grants: Grants | null): boolean {
  if (grants === null || kind === 'interactive') return true;
  if (kind === 'slash_commands') return grants.scopes.includes('commands');
  const { type, channel_type } = payload.event as { type: string; channel_type?: string };
  const name = channel_type === undefined ? type : `${type}.${channel_type}`;
  const needed = OF_EVENTS[name];
  return grants.events.includes(name) && (needed === undefined || grants.scopes.includes(needed));
}
