import type { Api } from 'grammy';
import { SendError } from '../../core/channel.ts';
import { fileRefusal } from '../fileRefusal.ts';
import { repeatableError } from './errors.ts';
import { exchange } from './exchange.ts';
import { MOST_DOWNLOAD_BYTES } from './limits.ts';
import { placeOf } from './transport.ts';

export interface DownloadParts {
  api: Api;
  /** The address below which the bot's files are, its token included. */
  files: string;
  proxy: string | null;
  timeoutMs: number;
}

/** The bytes of a file that somebody sent. @throws SendError when Telegram does not give it */
export async function download(ref: string, { api, files, ...limits }: DownloadParts): Promise<Uint8Array> {
  try {
    const file = await api.getFile(ref);
    const { origin, path } = placeOf(`${files}/${file.file_path}`);
    const { status, body, cut } = await exchange(origin, path, { ...limits, mostBytes: MOST_DOWNLOAD_BYTES });
    if (status >= 400) throw fileRefusal(status);
    if (cut) throw new SendError('rejected', 'the file is larger than Telegram gives to bots');
    return body;
  } catch (error) {
    throw repeatableError(error);
  }
}
