import type { HomeView, KnownBlock, ModalView } from '@slack/web-api';
import type { Block } from '../../domain/message.ts';
import { blocksOf, label, plain } from './render.ts';

/** The action of the Home view's button; the callback of the idea's modal. Parse knows them. */
export const HOME_IDEA = 'home:idea';
export const IDEA_FORM = 'idea';

const MOST_BLOCKS_IN_VIEW = 100;
const MOST_TITLE = 24;
const MOST_QUESTION = 2000;

/** One question of the modal; `name` is the name of the idea flow's answer. */
export interface ModalField {
  name: string;
  label: string;
  optional?: boolean;
  multiline?: boolean;
  /** A list to pick from instead of a text; at most 100. */
  choices?: { label: string; value: string }[];
}

export interface IdeaModal {
  /** Cut at 24 characters, like the two buttons. */
  title: string;
  submit: string;
  close: string;
  fields: ModalField[];
}

/** What Slack shows beside the messages. Asked at once, without the database: a trigger for a modal lives 3 seconds. */
export interface SlackTexts {
  modal(language: string): IdeaModal;
  shareIdea(language: string): string;
  tryAgain(language: string): string;
}

/** The button to share an idea, then what the application shows. */
export function homeView(blocks: Block[], shareIdea: string): HomeView {
  const button = { type: 'button' as const, action_id: HOME_IDEA, text: label(shareIdea), value: 'flow' };
  const share: KnownBlock = { type: 'actions', elements: [{ ...button, style: 'primary' as const }] };
  return { type: 'home', blocks: [share, ...blocks.flatMap(blocksOf)].slice(0, MOST_BLOCKS_IN_VIEW) };
}

export function ideaModal({ title, submit, close, fields }: IdeaModal): ModalView {
  return {
    type: 'modal',
    callback_id: IDEA_FORM,
    title: label(title, MOST_TITLE),
    submit: label(submit, MOST_TITLE),
    close: label(close, MOST_TITLE),
    blocks: fields.map((field) => ({
      type: 'input',
      block_id: field.name,
      optional: field.optional ?? false,
      label: label(field.label, MOST_QUESTION),
      element: inputOf(field),
    })),
  };
}

function inputOf({ choices, multiline = false }: ModalField) {
  if (!choices) return { type: 'plain_text_input' as const, action_id: 'value', multiline };
  const options = choices.slice(0, 100).map((choice) => ({ text: label(choice.label), value: choice.value }));
  return { type: 'static_select' as const, action_id: 'value', placeholder: plain('…'), options };
}

const WORDS = {
  en: [
    'Share an idea',
    'Send',
    'Cancel',
    'What should change?',
    'Which problem does this solve?',
    'Who is affected by it?',
    'Sorry, that did not arrive. Please try again in a moment.',
  ],
  es: [
    'Compartir una idea',
    'Enviar',
    'Cancelar',
    '¿Qué debería cambiar?',
    '¿Qué problema resuelve?',
    '¿A quién afecta?',
    'Lo sentimos, no ha llegado. Inténtelo de nuevo en un momento.',
  ],
  fr: [
    'Partager une idée',
    'Envoyer',
    'Annuler',
    'Qu’est-ce qui devrait changer ?',
    'Quel problème cela résout-il ?',
    'Qui est concerné ?',
    'Désolé, ce n’est pas arrivé. Réessayez dans un instant.',
  ],
};

function wordsIn(language: string): string[] {
  const base = language.toLowerCase().split('-')[0] ?? '';
  return base === 'es' || base === 'fr' ? WORDS[base] : WORDS.en;
}

/** In the languages of the shipped flows, with the questions of the shipped idea flow. */
export const SHIPPED_TEXTS: SlackTexts = {
  modal(language) {
    const [title = '', submit = '', close = '', idea = '', problem = '', affected = ''] = wordsIn(language);
    const fields: ModalField[] = [
      { name: 'idea', label: idea, multiline: true },
      { name: 'problem', label: problem, multiline: true, optional: true },
      { name: 'affected', label: affected, optional: true },
    ];
    return { title, submit, close, fields };
  },
  shareIdea: (language) => wordsIn(language)[0] ?? '',
  tryAgain: (language) => wordsIn(language)[6] ?? '',
};
