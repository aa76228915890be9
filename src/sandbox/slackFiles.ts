import type { ServerResponse } from 'node:http';

/** Files by id, as people and the bot send them. `address` is where the stand-in listens. */
export function createFiles(nextId: () => number, address: () => string) {
  const files = new Map<string, { name: string; bytes: Uint8Array }>();
  return {
    keep(name: string, bytes: Uint8Array): { id: string; url: string; uploadUrl: string } {
      const id = `F${nextId()}`;
      files.set(id, { name, bytes });
      return { id, url: `${address()}/files/${id}`, uploadUrl: `${address()}/upload/${id}` };
    },
    nameOf: (id: string): string | undefined => files.get(id)?.name,
    /** Whoever may not have it is sent to sign in, with a page that is no error. */
    give(path: string, response: ServerResponse, allowed: boolean): void {
      if (path === '/signin') response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html>');
      else if (allowed) response.end(files.get(path.slice('/files/'.length))?.bytes);
      else response.writeHead(302, { location: `${address()}/signin` }).end();
    },
  };
}
