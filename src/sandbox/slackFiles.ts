import type { IncomingMessage, ServerResponse } from 'node:http';
import { bodyOf } from './http.ts';
import type { SlackAnswer, SlackPayload } from './slackPayload.ts';

/** Files by id, as people and the bot send them. `address` is where the stand-in listens. */
export function createFiles(nextId: () => number, address: () => string) {
  const files = new Map<string, { name: string; bytes: Uint8Array; info?: SlackPayload }>();
  const unshared = new Set<string>();
  return {
    keep(name: string, bytes: Uint8Array): { id: string; url: string; uploadUrl: string } {
      const id = `F${nextId()}`;
      files.set(id, { name, bytes });
      return { id, url: `${address()}/files/${id}`, uploadUrl: `${address()}/upload/${id}` };
    },
    /** With a description for screen readers Slack takes a file, and shows it to nobody (python-slack-sdk, issues 1575, 1818). */
    request({ filename, alt_txt, alt_text = alt_txt }: SlackPayload): SlackAnswer {
      const { id, uploadUrl } = this.keep(String(filename), new Uint8Array());
      if (alt_text !== undefined) unshared.add(id);
      return { ok: true, file_id: id, upload_url: uploadUrl };
    },
    isShared: (id: string): boolean => !unshared.has(id),
    /** As messages and `files.info` tell of it. */
    describe(id: string, info: SlackPayload): void {
      const file = files.get(id);
      if (file) file.info = info;
    },
    infoOf(id: string): SlackAnswer {
      const info = files.get(id)?.info;
      return info ? { ok: true, file: info } : { ok: false, error: 'file_not_found' };
    },
    /** The second of the three calls by which the bot sends a file. */
    async fill(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
      const file = files.get(path.slice('/upload/'.length));
      const headers = { 'content-type': request.headers['content-type'] ?? '' };
      const form = await new Response(await bodyOf(request), { headers }).formData();
      const sent = form.get('body');
      if (file && sent instanceof Blob) file.bytes = new Uint8Array(await sent.arrayBuffer());
      response.writeHead(file ? 200 : 404).end();
    },
    bytesOf: (id: string): Uint8Array => files.get(id)?.bytes ?? new Uint8Array(),
    nameOf: (id: string): string | undefined => files.get(id)?.name,
    /** Whoever may not have it is sent to sign in, with a page that is not an error. */
    give(path: string, response: ServerResponse, allowed: boolean): void {
      if (path === '/signin') response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html>');
      else if (allowed) response.end(files.get(path.slice('/files/'.length))?.bytes);
      else response.writeHead(302, { location: `${address()}/signin` }).end();
    },
  };
}
