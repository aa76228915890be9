import type { Context } from 'hono';
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { UserError } from '../../../core/errors.ts';
import { CONSOLE_PATH, formToken, tokenHash } from '../../../people/console.ts';
import type { ConsoleParts, Desk, Route, Visit } from './context.ts';
import { CONTRIBUTION } from './contribution.tsx';
import { CONTRIBUTIONS } from './contributions.tsx';
import { sessionToken } from './cookie.ts';
import { HOME } from './home.tsx';
import { ICON, ICON_PATH } from './icon.ts';
import { FORM_NUMBER, FORM_TOKEN } from './layout.tsx';
import { MEMBERS } from './members.tsx';
import { isFromOurPage, isSafe } from './origin.ts';
import { type Problem, problemOf, problemPage } from './problems.tsx';
import { acceptedLanguages, readerOf } from './reader.ts';
import { isFor } from './roles.ts';
import { SAVED_VIEWS } from './savedViews.tsx';
import { SESSIONS } from './sessions.tsx';
import { SIGN_IN } from './signIn.tsx';
import { STYLE, STYLE_PATH } from './style.ts';
import { THREADS } from './threads.tsx';
import { TRIAGE } from './triage.tsx';

/** Every address of the console, with who may ask for it. */
export const ROUTES: readonly Route[] = [
  ...HOME,
  ...CONTRIBUTIONS,
  ...TRIAGE,
  ...CONTRIBUTION,
  ...SAVED_VIEWS,
  ...THREADS,
  ...SIGN_IN,
  ...SESSIONS,
  ...MEMBERS,
];

/** Larger than any form of ours. The server takes somewhat more: who sends it reads why it was not taken. */
const MOST_LETTERS = 256 * 1024;

/** What members work with in a browser; it needs no script there. */
export function createConsole(parts: ConsoleParts): Hono {
  const app = new Hono();
  app.use(secureHeaders(HEADERS));
  app.get(STYLE_PATH, (c) => kept(c, STYLE, 'text/css; charset=utf-8'));
  app.get(ICON_PATH, (c) => kept(c, ICON, 'image/svg+xml'));
  app.use(async (c, next) => {
    await next();
    c.header('cache-control', 'no-store');
  });
  app.use(async (c, next) => {
    const asks = isSafe(c.req.method) || isFromOurPage((name) => c.req.header(name), parts.publicUrl());
    return asks ? next() : problem(c, 'not_ours', parts);
  });
  for (const route of ROUTES) app.on(route.method, CONSOLE_PATH + route.path, (c) => answered(c, route, parts));
  app.notFound((c) => problem(c, 'missing', parts));
  app.onError((error, c) => failed(error, c, parts));
  return app;
}

/** Nothing of another host, nothing written into a page, no page of ours in a frame. */
const HEADERS: Parameters<typeof secureHeaders>[0] = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'"],
    mediaSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: 'DENY',
  // Of this host alone: what else is below its name is not ours to decide.
  strictTransportSecurity: 'max-age=15552000',
  // With none at all, browsers would not say from which page a form comes.
  referrerPolicy: 'same-origin',
  crossOriginOpenerPolicy: 'same-origin',
  crossOriginResourcePolicy: 'same-origin',
  permissionsPolicy: { camera: [], microphone: [], geolocation: [], payment: [], usb: [] },
};

function kept(c: Context, body: string, type: string): Response {
  c.header('cache-control', 'public, max-age=31536000, immutable');
  c.header('content-type', type);
  return c.body(body);
}

async function answered(c: Context, route: Route, parts: ConsoleParts): Promise<Response> {
  const hasForm = !isSafe(c.req.method);
  if (hasForm && !/^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? ''))
    return problem(c, 'no_form', parts);
  const body = hasForm ? await c.req.text() : '';
  if (body.length > MOST_LETTERS) return problem(c, 'too_large', parts);
  const fields = new URLSearchParams(body);
  const visit = await visitOf(c, parts, fields);
  if (route.by === 'anybody') return route.answer(visit);
  const { desk } = visit;
  if (desk === null) return problemPage(visit, 'signed_out');
  if (hasForm && fields.get(FORM_TOKEN) !== desk.formToken) return problemPage(visit, 'stale_form');
  if (!isFor(route.by, desk.signedIn.member)) return problemPage(visit, 'not_for_you');
  return route.answer({ ...visit, desk });
}

/** Who asks, and in which language they read. */
async function visitOf(c: Context, parts: ConsoleParts, fields = new URLSearchParams()): Promise<Visit> {
  const desk = await deskOf(c, parts, fields);
  const accepted = acceptedLanguages(c.req.header('accept-language') ?? '');
  const chosen = desk ? [desk.signedIn.language, desk.signedIn.chatLanguage] : [];
  const reader = readerOf([...chosen, ...accepted], { phrasesIn: parts.phrasesIn, languages: parts.languages() });
  return { c, parts, reader, fields, desk, process: await parts.process() };
}

async function deskOf(c: Context, parts: ConsoleParts, fields: URLSearchParams): Promise<Desk | null> {
  const token = sessionToken(c, parts.publicUrl());
  if (token === null) return null;
  const sessions = await parts.views.consoleSessions();
  const signedIn = await sessions.seen(tokenHash(token), new Date(parts.clock()));
  if (signedIn === null) return null;
  const number = fields.get(FORM_NUMBER);
  const once = number !== null && /^[\w-]{8,64}$/.test(number) ? { request: `console:${signedIn.id}:${number}` } : {};
  return { signedIn, actor: { member: signedIn.member.id, through: 'console', ...once }, formToken: formToken(token) };
}

const problem = async (c: Context, what: Problem, parts: ConsoleParts): Promise<Response> =>
  problemPage(await visitOf(c, parts), what);

/** What an action refuses is said; what is a fault of ours is for the log alone. */
async function failed(error: unknown, c: Context, parts: ConsoleParts): Promise<Response> {
  if (error instanceof UserError) return problem(c, problemOf(error), parts);
  parts.log.error('A page of the console failed', { method: c.req.method }, error);
  try {
    return await problem(c, 'failed', parts);
  } catch {
    // Without the database nobody knows who asks, nor in which language.
    return c.text('Something went wrong on our side. Please try again in a moment.', 500);
  }
}
