import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';
import { UserError } from '../core/errors.ts';

const run = promisify(execFile);

/** The user that PostgreSQL runs as; empty: the one that runs this process. */
export interface ServerUser {
  uid?: number;
  gid?: number;
}

/** PostgreSQL refuses to run as root: there it runs as the owner of its folder. */
export async function ownerOf(folder: string): Promise<ServerUser> {
  if (userInfo().uid !== 0) return {};
  const { uid, gid } = await stat(folder);
  if (uid !== 0) return { uid, gid };
  throw new UserError(
    `DATA_DIR: ${folder} belongs to root, who may not run PostgreSQL. Give it back to the user who ran it: chown -R postgres:postgres '${folder}'.`,
  );
}

/** Who owns a new database: on a machine where everything runs as root (a container), a user made for it. */
export async function newOwner(): Promise<ServerUser> {
  if (userInfo().uid !== 0) return {};
  for (let attempt = 1; ; attempt++) {
    const user = await postgresUser().catch(() => null);
    if (user) return user;
    // Another process may be making it just now.
    await run('useradd', ['--system', '--user-group', 'postgres']).catch((cause) => {
      if (attempt === MOST_ATTEMPTS)
        throw new UserError(
          `PostgreSQL does not run as root, and no user "postgres" could be made for it (${cause.code}). Run Hearback as an ordinary user, or set DATABASE_URL.`,
        );
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const MOST_ATTEMPTS = 20;

async function postgresUser(): Promise<ServerUser> {
  const number = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  return { uid: await number('-u'), gid: await number('-g') };
}
