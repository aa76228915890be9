import type { Database } from './database.ts';

/** What came in and could not be handled: a fault of ours (`failed`), or of a kind that nobody here reads (`unreadable`). */
export type Aside = Awaited<ReturnType<typeof listAside>>[number];
/** The same with what the platform sent. */
export type AsideUpdate = NonNullable<Awaited<ReturnType<typeof findAside>>>;

const PUT_ASIDE = { state: { in: ['failed', 'unreadable'] } };
const SHOWN = { id: true, state: true, at: true, attempts: true, nextAt: true, error: true } as const;

/** The newest first. */
export const listAside = async ({ prisma }: Database) =>
  (await prisma()).inboundUpdate.findMany({ where: PUT_ASIDE, select: SHOWN, orderBy: { seq: 'desc' } });

/** With what the platform sent; null when nothing of this id was put aside. */
export const findAside = async ({ prisma }: Database, id: string) =>
  (await prisma()).inboundUpdate.findFirst({ where: { id, ...PUT_ASIDE }, select: { ...SHOWN, payload: true } });
