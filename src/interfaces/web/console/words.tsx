import { pieces } from './links.ts';

/** What somebody has written, with its addresses as links: only those that lead to pages, never to what runs. */
export const Linked = ({ text }: { text: string }) => (
  <>
    {pieces(text).map((piece) =>
      piece.address === null ? (
        piece.text
      ) : (
        <a href={piece.address} rel="nofollow noreferrer noopener">
          {piece.text}
        </a>
      ),
    )}
  </>
);

/** A name in the middle of a sentence of ours: its direction is its own, and does not spill over. */
export const Name = ({ children }: { children: string }) => <bdi>{children}</bdi>;

/** A platform as it calls itself. */
export const channelTitle = (channel: string): string => channel.charAt(0).toUpperCase() + channel.slice(1);
