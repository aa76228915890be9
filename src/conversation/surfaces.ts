import type { Phrases } from '../core/phrases.ts';
import type { DecisionForms, Form, HomeViews, Surfaces } from '../core/surfaces.ts';
import { spoken } from '../core/texts.ts';
import type { FlowRegistry } from './flow/flowRegistry.ts';
import { formFields, formObjections } from './flow/form.ts';
import type { World } from './flow/types.ts';
import { homeTab } from './homeTab.ts';
import type { ChatPanels, PanelReader } from './memberPanels.ts';
import type { OwnContributions } from './own.ts';
import type { ProcessView } from './processContext.ts';
import type { Identity, TurnWrite } from './turn.ts';

export interface SurfacesParts {
  own: OwnContributions;
  view: ProcessView;
  registry: () => FlowRegistry;
  phrasesIn: (language: string) => Phrases;
  organize: ChatPanels;
  decisions: DecisionForms<PanelReader>;
  homes: HomeViews;
  secret: string;
  clock: () => number;
}

/** The flow whose questions the form asks. */
const SHARED = 'idea';

/** What Slack shows beside the chat: the Home tab, and the form in which an idea is shared. */
export function createSurfaces(parts: SurfacesParts): Surfaces {
  const { own, view, registry, phrasesIn, decisions, clock } = parts;

  /** The language, and what is said and asked in it now. */
  function around(wish: string | null) {
    const { languages, world } = view.lastSeen();
    const language = spoken([wish], languages);
    return { language, phrases: phrasesIn(language), world: world(language, clock()) };
  }

  /** Members read in the language that they have chosen, or in that of the view which they use. */
  async function readerOf(key: string, wish: string | null): Promise<PanelReader> {
    const [person, { languages }] = await Promise.all([own.person(key), view.processContext()]);
    return { key, language: spoken([person?.language ?? null, wish], languages) };
  }

  return {
    form: (wish) => ideaForm(registry(), around(wish)),
    homes: parts.homes,
    home: (key, wish) => homeTab(parts, key, wish),
    async objections(key, fields, wish) {
      const { language, phrases, world } = around(wish);
      const objections = formObjections(registry(), SHARED, fields, language, world);
      if (objections) return objections;
      const first = Object.keys(fields)[0];
      const person = await own.person(key);
      // Nobody is talked to after /stop; closed without a word, the form would have swallowed theirs.
      return person?.status === 'stopped' && first ? { [first]: phrases('slack_home_stopped') } : null;
    },
    formEnd(wish) {
      const { phrases } = around(wish);
      return { title: phrases('slack_share'), close: phrases('slack_form_close'), text: phrases('slack_form_end') };
    },
    suggested: (wish) => around(wish).phrases('slack_suggested'),
    notSuggested: (wish) => around(wish).phrases('slack_not_suggested'),
    panel: async (key, wish) => parts.organize.panel(await readerOf(key, wish), null),
    decisions: decisionForms(decisions, readerOf),
    tryAgain: (wish) => around(wish).phrases('slack_try_again'),
  };
}

const ideaForm = (
  registry: FlowRegistry,
  { language, phrases, world }: { language: string; phrases: Phrases; world: World },
): Form => ({
  language,
  title: phrases('slack_share'),
  submit: phrases('slack_form_submit'),
  close: phrases('slack_form_cancel'),
  fields: formFields(registry, SHARED, language, world),
});

/** The forum's forms, for members in the language in which they read. */
const decisionForms = (
  decisions: DecisionForms<PanelReader>,
  readerOf: (key: string, wish: string | null) => Promise<PanelReader>,
): Surfaces['decisions'] => ({
  form: async ({ key, language }, button) => decisions.form(await readerOf(key, language), button),
  keep: async ({ key, language }, button, fields) => decisions.keep(await readerOf(key, language), button, fields),
  propose: async ({ key, language }, button, fields, update) =>
    decisions.propose(await readerOf(key, language), button, fields, update),
});

/** Whether a turn has changed what its person's Home tab shows. */
export const changesHome = (write: TurnWrite, before: Identity): boolean =>
  write.contributions.length + write.edits.length > 0 ||
  write.erase !== null ||
  write.status !== before.status ||
  write.consentVersion !== before.consentVersion ||
  write.language !== before.language;
