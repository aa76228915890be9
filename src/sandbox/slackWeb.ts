import type { IncomingMessage, ServerResponse } from 'node:http';
import { pause } from './http.ts';
import { answerTo, CHANGES, SENDS, type SlackApiParts } from './slackApi.ts';
import { payloadOf, reply } from './slackPayload.ts';
import type { SimulatedSlackPerson } from './slackPerson.ts';
import { type Grants, mayCall } from './slackScopes.ts';

export interface SlackWebParts extends SlackApiParts {
  botToken: string;
  appToken: string;
  /** What the app may do; null: everything. */
  grants: Grants | null;
  /** By the last part of the address at which somebody waits to be answered. */
  asking: ReadonlyMap<string, SimulatedSlackPerson>;
}

/** Slack's Web API over HTTP, with the faults that were asked for. */
export const createWeb =
  (parts: SlackWebParts) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { files, asking, grants } = parts;
    const method = (request.url ?? '').replace(/^\/api\//, '');
    if (method.startsWith('/upload/')) return files.fill(method, request, response);
    const payload = await payloadOf(request);
    const asker = asking.get(request.url ?? '');
    if (asker) return void response.end(asker.answered(String(payload.text)));
    const known = isTokenOf(method, request, parts);
    if (method.startsWith('/files/') || method === '/signin')
      return files.give(method, response, known && mayCall(method, grants));
    if (!known) return reply(response, { ok: false, error: 'invalid_auth' });
    const isPrivate = parts.channels.get(String(payload.channel))?.info.is_private;
    if (!mayCall(method, grants, isPrivate)) return reply(response, { ok: false, error: 'missing_scope' });
    if (fails(method, parts)) return void response.writeHead(500).end();
    const answer = answerTo(method, payload, parts);
    if (!SENDS.includes(method)) return reply(response, answer);
    if (parts.faults.delayMs > 0) await pause(parts.faults.delayMs);
    if (answer.ok && isLost(parts)) return void request.socket.destroy();
    reply(response, answer);
  };

function isTokenOf(method: string, request: IncomingMessage, { appToken, botToken }: SlackWebParts): boolean {
  const token = (request.headers.authorization ?? '').replace('Bearer ', '');
  return token === (method === 'apps.connections.open' ? appToken : botToken);
}

/** Whether Slack itself fails at this call; a send counts all the same. */
function fails(method: string, { faults, counters }: SlackWebParts): boolean {
  if (CHANGES.includes(method)) return faults.failEvery === 1;
  if (!SENDS.includes(method) || !faults.failEvery || (counters.sends + 1) % faults.failEvery !== 0) return false;
  counters.sends += 1;
  return true;
}

function isLost({ faults, limits }: SlackWebParts): boolean {
  if (faults.loseNext > 0) return faults.loseNext-- > 0;
  return limits.isEach(faults.loseEvery);
}
