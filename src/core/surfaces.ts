import type { Block, Choice, OutboundFile, OutboundMessage } from './message.ts';

/** A flow's questions all at once, where a platform can show that. */
export interface Form {
  language: string;
  title: string;
  submit: string;
  close: string;
  /** What stands above the fields; left out: nothing. */
  lead?: Block[];
  fields: FormField[];
}

export interface FormField {
  /** Of the flow's answer. */
  name: string;
  label: string;
  /** What helps to answer it. */
  hint: string | null;
  optional: boolean;
  /** Characters; null: as many as the platform lets through. */
  most: number | null;
  input: 'line' | 'lines' | { label: string; value: string }[];
  /** What stands in it at first; left out: nothing. */
  given?: string;
}

/** What a form turns into when it is taken in. */
export interface FormEnd {
  title: string;
  close: string;
  text: string;
}

/** What a person sees when they look at the bot instead of talking to it. */
export interface HomeTab {
  language: string;
  /** What this is, how the person stands to it, and what is done most. */
  lead: OutboundMessage;
  /** The button that opens the form; null for people who are not asked to. */
  share: string | null;
  /** The button that opens what members work with; null for anybody else. */
  organize: string | null;
  /** One below the other. */
  parts: OutboundMessage[];
}

/** Who has looked at their Home tab lately, and a mark of what it shows them. */
export interface HomeViews {
  opened(senderKey: string, mark: string): Promise<void>;
  published(senderKey: string, mark: string): Promise<void>;
  hasOpened(senderKey: string): Promise<boolean>;
  /** Those whose turn it is to be looked after; each is given once in a while, to one process. */
  due(limit: number): Promise<{ key: string; mark: string }[]>;
}

/** The command that shows members what they work with; in no menu, since it is nobody else's matter. */
export const ORGANIZE = 'organize';
/** The one that gives them a link into the console; in no menu either. */
export const CONSOLE = 'console';

/** One view of what members work with; pressing one of its buttons leads to the next. */
export interface Panel {
  language: string;
  title: string;
  close: string;
  blocks: Block[];
  /** `data` is what `panel` is asked next. */
  choices: Choice[];
  /** What belongs to it that is to be seen or heard: in the chat. */
  files?: OutboundFile[];
  /** The thread that it shows, by its id. */
  about?: string;
}

/** What has become of a decision that was sent: what stands against its fields, by their names, or the view that follows. */
export type DecisionSent = { objections: Record<string, string> } | { panel: Panel };

/** How a member decides on a contribution in one form. `button`: the data of the button that begins it. */
export interface DecisionForms<Reader> {
  /** With what they had written before; null for every other button, and for whoever it is not for. */
  form(reader: Reader, button: string): Promise<Form | null>;
  /** Keeps what is written, until it is sent. */
  keep(reader: Reader, button: string, fields: Record<string, string>): Promise<void>;
  /** @param update by which they send it: it is done once */
  propose(reader: Reader, button: string, fields: Record<string, string>, update: string): Promise<DecisionSent>;
}

/**
 * What a platform shows beside the chat. A `language` here is a wish: the platform's, or that of the view which was used;
 * what the process does not speak becomes its first language.
 */
export interface Surfaces {
  /** In the language that the person has chosen, if any. */
  home(senderKey: string, language: string | null): Promise<HomeTab>;
  homes: HomeViews;
  /** For an idea. At once, from what is in memory: platforms wait 3 seconds. No fields: the form does not exist. */
  form(language: string | null): Form;
  /** What is wrong with the form's fields, by their names; null: it can be taken in. */
  objections(
    senderKey: string,
    fields: Record<string, string>,
    language: string | null,
  ): Promise<Record<string, string> | null>;
  formEnd(language: string | null): FormEnd;
  /** The first view of what members work with; null for anybody else. Its buttons are pressed like any other. */
  panel(senderKey: string, language: string | null): Promise<Panel | null>;
  decisions: DecisionForms<{ key: string; language: string | null }>;
  /** What somebody who suggested another's words reads: that their author is asked. */
  suggested(language: string | null): string;
  /** The same, where there is nobody to ask or nothing was said. */
  notSuggested(language: string | null): string;
  /** For what could not be recorded in time. */
  tryAgain(language: string | null): string;
}
