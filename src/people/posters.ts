import { access, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import QRCode from 'qrcode';
import type { ChannelName } from '../core/channelName.ts';
import { commandLine } from '../core/commandLine.ts';
import { UserError } from '../core/errors.ts';
import { type Link, type Links, startPayload } from './links.ts';

export interface LinkParts {
  links: Pick<Links, 'keep'>;
  /** Flows that people can begin. */
  flows: readonly string[];
  /** The address that opens the private chat on each platform that is set up, and says `start` there where that is possible. */
  addresses(start: string): Promise<PlatformLink[]>;
}

export interface PlatformLink {
  channel: ChannelName;
  url: string;
  /** What people have to type there so that their source is counted; null where the link says it. */
  toType: string | null;
}

/** A link with the files of its QR code. */
export type Poster = PlatformLink & { png: string; svg: string };

/**
 * Makes the links of a source, keeps it, and writes their QR codes into a folder. What is there is not overwritten
 * without `force`. @throws UserError for what no link can say, without a platform, or where a file is in the way
 */
export async function createPosters(
  link: Link,
  { links, flows, addresses }: LinkParts,
  { folder, force = false }: { folder: string; force?: boolean },
): Promise<Poster[]> {
  if (link.flow !== null && !flows.includes(link.flow))
    throw new UserError(`--flow: nobody can begin a flow "${link.flow}". There are: ${flows.join(', ')}.`);
  const found = await addresses(startPayload(link, flows));
  if (found.length === 0)
    throw new UserError(`No platform is set up. Set the token of one, as \`${commandLine('doctor')}\` explains.`);
  const posters = found.map((each): Poster => {
    const name = path.join(folder, [link.source, ...(link.flow === null ? [] : [link.flow]), each.channel].join('-'));
    return { ...each, png: `${name}.png`, svg: `${name}.svg` };
  });
  await mkdir(folder, { recursive: true }).catch((error) => Promise.reject(unwritable(folder, error)));
  if (!force) await refuseTaken(posters.flatMap(({ png, svg }) => [png, svg]));
  for (const { url, png, svg } of posters) {
    await keep(png, await QRCode.toBuffer(url, { ...QR, type: 'png' }));
    await keep(svg, await QRCode.toString(url, { ...QR, type: 'svg' }));
  }
  await links.keep(link);
  return posters;
}

/**
 * Middling error correction stands a crease or a stain; four modules of quiet zone are the standard's. In pixels it is sharp
 * on a poster; what is larger takes the SVG.
 */
const QR = { errorCorrectionLevel: 'M', margin: 4, width: 1024 } as const;

/** Before anything is written: half a set of files would be in the way of the next try. */
async function refuseTaken(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere)
      throw new UserError(`--out: ${file} is there already. Name another folder, or say --force to write over it.`);
  }
}

const keep = (file: string, content: Uint8Array | string): Promise<void> =>
  writeFile(file, content).catch((error) => Promise.reject(unwritable(file, error)));

const unwritable = (place: string, { code }: NodeJS.ErrnoException): UserError =>
  new UserError(`--out: ${place} cannot be written (${code}). Name a folder that you may write to.`);
