import type { WebClient } from '@slack/web-api';
import type { KeepUnreadable, Receive } from '../../core/channel.ts';
import type { Clock } from '../../core/clock.ts';
import type { Unreadable } from '../../core/inbound.ts';
import type { Log } from '../../core/log.ts';
import type { Surfaces } from '../../core/surfaces.ts';
import type { Me } from './client.ts';
import { complete } from './complete.ts';
import { openForm } from './forms.ts';
import type { createHomes } from './home.ts';
import { type createPanels, openDecision } from './panels.ts';
import { parsePayload } from './parse.ts';
import { type FormOpening, keyOf, type ParsedPayload } from './parsed.ts';
import type { People } from './people.ts';
import { type Here, type PayloadReading, readWhole } from './reading.ts';
import { type ReceiverAnswer, refusal } from './receiver.ts';
import type { Slashed } from './render.ts';
import { type createSuggestions, parseSuggestion } from './suggestions.ts';
import { decisionView, formEndView, panelView } from './views.ts';

export interface SlackIntakeParts {
  client: WebClient;
  /** Our own names at Slack, once they are known. */
  me: () => Me;
  people: People;
  surfaces: Surfaces;
  panels: ReturnType<typeof createPanels>;
  homes: ReturnType<typeof createHomes>;
  suggest: ReturnType<typeof createSuggestions>;
  slashed: Slashed;
  /** Work that nobody waits for. */
  background: (work: Promise<void>) => void;
  clock: Clock;
  log: Log;
}

/** Where payloads go: those that were read, and those that nobody could read. */
export interface SlackRecorder {
  receive: Receive;
  keepUnreadable: KeepUnreadable;
}

/** Takes one payload of Slack: records what somebody has said, and shows what somebody wants to see. */
export function createIntake(parts: SlackIntakeParts) {
  const { me, people, suggest } = parts;
  const read = createReader(parts);
  const isShown = createShowing(parts);
  const record = createRecording(parts);
  return {
    /** With nothing looked up; null for what is not for us or cannot be read. */
    glance(body: unknown, reading: (here: Here) => PayloadReading): ParsedPayload | null {
      const found = read.parse(body, reading(read.here()));
      return found && 'raw' in found ? null : found;
    },
    /**
     * @param turn resolves when what its person has done before is recorded
     * @returns what goes to Slack along with the acknowledgement
     */
    async take(
      body: unknown,
      { receive, keepUnreadable }: SlackRecorder,
      turn: Promise<unknown>,
    ): Promise<ReceiverAnswer | null> {
      const suggestion = await readWhole(read.here(), people, (reading) => parseSuggestion(body, reading));
      if (suggestion) {
        await suggest(suggestion, me().teamId, receive);
        return null;
      }
      const parsed = await readWhole(read.here(), people, (reading) => read.parse(body, reading));
      if (parsed && 'raw' in parsed) await keepUnreadable(parsed);
      if (!parsed || 'raw' in parsed || (await isShown(parsed, turn))) return null;
      return record(parsed, receive, turn);
    },
  };
}

function createReader({ me, clock }: SlackIntakeParts) {
  return {
    here: (): Here => ({ botUser: me().botUserId, team: me().teamId, now: clock() }),
    /** Slack repeats a refused event in vain; a person who fills in a form sees that it was not taken. */
    parse(body: unknown, reading: PayloadReading): ParsedPayload | Unreadable | null {
      try {
        return parsePayload(body, reading);
      } catch (error) {
        const { event_id: id } = body as { event_id?: unknown };
        if (typeof id !== 'string') throw error;
        return { id: keyOf(me().teamId, id), raw: JSON.stringify(body), error: String(error) };
      }
    },
  };
}

/** Whether somebody only looks or writes what is not sent yet, and has what they want: nothing of it is received. */
function createShowing(parts: SlackIntakeParts) {
  const { client, me, people, surfaces, panels, homes, background, log } = parts;
  const decides = createDeciding(parts);

  const open = ({ what, trigger }: FormOpening, key: string, language: string | null): Promise<boolean> =>
    what === 'panel' ? panels.open(key, trigger, language) : openForm({ client, surfaces, log }, trigger, language);

  return async (parsed: ParsedPayload, turn: Promise<unknown>): Promise<boolean> => {
    const { opens, user, language = null, inbound, decision } = parsed;
    const key = keyOf(me().teamId, user);
    if (decision && !decision.isSent) {
      // In its order: what was written later is what stands.
      await turn;
      await surfaces.decisions.keep({ key, language }, decision.button, decision.fields);
      return true;
    }
    if (opens?.what === 'decision') return decides(parsed, opens.trigger, key, language);
    if (!opens && inbound.content.kind !== 'opened') return false;
    const wish = language ?? (await people.aboutOf(user)).language;
    if (opens) return open(opens, key, wish);
    background(homes.show(key, wish));
    return true;
  };
}

/** Opens the form of a decision where the button begins one; what Slack does not open goes on in the chat. */
function createDeciding({ client, surfaces, slashed, log }: SlackIntakeParts) {
  return async (
    { inbound }: ParsedPayload,
    trigger: string,
    key: string,
    language: string | null,
  ): Promise<boolean> => {
    const { content } = inbound;
    if (content.kind !== 'choice') return false;
    const { data, panel } = content;
    const form = await surfaces.decisions.form({ key, language }, data);
    if (!form) return false;
    return openDecision(client, decisionView(form, data, slashed), { trigger, panel }).then(
      () => true,
      (error: unknown) => {
        log.warn('The form of a decision could not be opened; the conversation takes its place', {}, error);
        return false;
      },
    );
  };
}

/** Records what somebody has said; a form that cannot be taken so stays open, with what is wrong. */
function createRecording({ people, surfaces, slashed, log }: SlackIntakeParts) {
  return async (parsed: ParsedPayload, receive: Receive, turn: Promise<unknown>): Promise<ReceiverAnswer | null> => {
    const inbound = await complete(parsed, people);
    await turn;
    if (!inbound) {
      log.warn('What came from an app, or from somebody who cannot be answered, is left out');
      return null;
    }
    const { content, sender, id } = inbound;
    const language = parsed.language ?? sender.language;
    if (parsed.decision) {
      const { button, fields } = parsed.decision;
      const sent = await surfaces.decisions.propose({ key: sender.key, language }, button, fields, id);
      if ('objections' in sent) return refusal(sent.objections, slashed);
      return { response_action: 'update', view: panelView(sent.panel, slashed) };
    }
    if (content.kind === 'form') {
      const objections = await surfaces.objections(sender.key, content.fields, language);
      if (objections) return refusal(objections, slashed);
    }
    await receive(inbound);
    for (const further of parsed.more ?? []) await receive({ ...further, sender });
    if (content.kind !== 'form') return null;
    return { response_action: 'update', view: formEndView(surfaces.formEnd(language), slashed) };
  };
}
