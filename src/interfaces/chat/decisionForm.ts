import type { ProposalActions } from '../../actions/proposals.ts';
import { DoneBefore } from '../../actions/refused.ts';
import { namedFiles } from '../../contributions/namedFiles.ts';
import type { ChatPanels, PanelReader } from '../../conversation/memberPanels.ts';
import type { Clock } from '../../core/clock.ts';
import { UserError } from '../../core/errors.ts';
import type { Block } from '../../core/message.ts';
import type { Phrases } from '../../core/phrases.ts';
import { readAction, signAction } from '../../core/signedButtons.ts';
import type { DecisionForms, DecisionSent, Form, FormField } from '../../core/surfaces.ts';
import { interfaceOf } from '../../people/actor.ts';
import { isForum, type Member, type Members } from '../../people/member.ts';
import { DECISIONS, ELEMENTS, MOST_OF_ELEMENT } from '../../responses/decision.ts';
import type { ContributionStore, ResponseStore } from '../../responses/ports.ts';
import type { DecisionDrafts, DraftFields } from '../../responses/proposal.ts';
import { normalized } from '../../responses/response.ts';

export interface DecisionFormParts {
  members: Pick<Members, 'byIdentity'>;
  contributions: Pick<ContributionStore, 'byReference'>;
  responses: Pick<ResponseStore, 'look'>;
  drafts: DecisionDrafts;
  actions: { responses: Pick<ProposalActions, 'propose'> };
  organize: Pick<ChatPanels, 'panel'>;
  phrasesIn(language: string): Phrases;
  secret: string;
  clock: Clock;
}

/** Who decides, and on what. */
interface Deciding {
  member: Member;
  reference: string;
  decision: string;
  phrases: Phrases;
}

const FIELDS = ['decision', ...ELEMENTS] as const;

/** A decision with its five elements in one form, where a platform can show that: what the chat asks one after the other. */
export function createDecisionForms(parts: DecisionFormParts): DecisionForms<PanelReader> {
  /** Null for every other button, and for whoever is not of the forum. */
  async function deciding({ key, language }: PanelReader, button: string): Promise<Deciding | null> {
    const action = readAction(parts.secret, key, button) ?? '';
    const [, reference, decision = ''] = /^m:d:(HB-\w{1,20}):(\w+)$/.exec(action) ?? [];
    const member = reference === undefined ? null : await parts.members.byIdentity(key);
    if (reference === undefined || !member || !isForum(member)) return null;
    return { member, reference, decision, phrases: parts.phrasesIn(language) };
  }

  return {
    async form(reader, button) {
      const on = await deciding(reader, button);
      return on && formOf(on, reader.language, parts);
    },
    async keep(reader, button, fields) {
      const on = await deciding(reader, button);
      if (on) await parts.drafts.keep(on.member.id, on.reference, written(fields), new Date(parts.clock()));
    },
    async propose(reader, button, fields, update) {
      const on = await deciding(reader, button);
      if (!on) return { objections: { decision: parts.phrasesIn(reader.language)('decide_refused') } };
      const objections = objectionsTo(fields, on.phrases);
      return objections ? { objections } : proposed(reader, on, written(fields), update, parts);
    },
  };
}

const written = (fields: Record<string, string>): DraftFields =>
  Object.fromEntries(FIELDS.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])));

async function formOf(
  { member, reference, decision, phrases }: Deciding,
  language: string,
  { contributions, responses, drafts }: DecisionFormParts,
): Promise<Form | null> {
  const idea = await contributions.byReference(reference);
  if (!idea) return null;
  const latest = (await responses.look([reference])).get(reference)?.latest ?? null;
  const given: DraftFields = { ...latest, ...(await drafts.find(member.id, reference)), decision };
  const quote: Block[] = idea.text.trim() === '' ? [] : [{ kind: 'quote', text: idea.text }];
  const files = namedFiles(idea.attachments, phrases, language);
  const beside: Block[] = files === null ? [] : [{ kind: 'text', text: phrases('decide_form_files', { files }) }];
  return {
    language,
    title: phrases('title_decide'),
    submit: phrases('decide_propose'),
    close: phrases('panel_close'),
    lead: [{ kind: 'heading', text: reference }, ...quote, ...beside],
    fields: FIELDS.map((name) => fieldOf(name, given[name], phrases)),
  };
}

function fieldOf(name: (typeof FIELDS)[number], given: string | undefined, phrases: Phrases): FormField {
  const choices = DECISIONS.map((value) => ({ value, label: phrases(`decide_${value}`) }));
  return {
    name,
    label: phrases(`decide_field_${name}`),
    hint: null,
    optional: false,
    most: name === 'decision' ? null : MOST_OF_ELEMENT,
    input: name === 'decision' ? choices : 'lines',
    ...(given !== undefined && given.length <= MOST_OF_ELEMENT && { given }),
  };
}

/** Against each field that is empty, or too long. */
function objectionsTo(fields: Record<string, string>, phrases: Phrases): Record<string, string> | null {
  const wrong = FIELDS.flatMap((name): [string, string][] => {
    const words = normalized(fields[name] ?? '');
    if (words === '') return [[name, phrases('decide_missing')]];
    return words.length > MOST_OF_ELEMENT ? [[name, phrases('decide_too_long', { max: MOST_OF_ELEMENT })]] : [];
  });
  return wrong.length > 0 ? Object.fromEntries(wrong) : null;
}

/** By the action by which the chat proposes; what follows is the proposal as its reader would get it. */
async function proposed(
  { key, language }: PanelReader,
  { member, reference, phrases }: Deciding,
  fields: DraftFields,
  update: string,
  { actions, drafts, organize, secret }: DecisionFormParts,
): Promise<DecisionSent> {
  const refused = { objections: { decision: phrases('decide_refused') } };
  const actor = { member: member.id, through: interfaceOf(key), request: update };
  try {
    await actions.responses.propose(actor, { ...fields, reference, decision: fields.decision ?? '' });
  } catch (error) {
    if (error instanceof UserError && !(error instanceof DoneBefore)) return refused;
    if (!(error instanceof DoneBefore)) throw error;
  }
  await drafts.drop(member.id, reference);
  const panel = await organize.panel({ key, language }, signAction(secret, key, `o:u:${reference}`));
  return panel ? { panel } : refused;
}
