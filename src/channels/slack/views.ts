import type { Button, HomeView, InputBlock, KnownBlock, ModalView } from '@slack/web-api';
import type { Form, FormEnd, FormField, HomeTab, Panel } from '../../core/surfaces.ts';
import { MOST_BLOCKS_IN_VIEW, MOST_OPTIONS, MOST_QUESTION, MOST_RADIOS, MOST_TITLE, MOST_TYPED } from './limits.ts';
import { actionsOf, blocksOf, label, plain, type Slashed } from './render.ts';

/** The actions of the Home view's buttons that open something; the callbacks of the modals. Parse knows them. */
export const HOME_IDEA = 'home:idea';
export const HOME_ORGANIZE = 'home:organize';
export const IDEA_FORM = 'idea';
export const PANEL = 'panel';
export const DECISION = 'decision';
/** Stands above what has no title in any language. */
const NAME = 'Hearback';

/** The buttons open their modals in the language of the view they stand in, so that nobody has to be asked for it. */
export function homeView({ language, lead, share, organize, parts }: HomeTab, slashed: Slashed): HomeView {
  const opening = (text: string | null, action_id: string): Button[] =>
    text === null ? [] : [{ type: 'button', action_id, text: label(text), value: language }];
  const [toShare] = opening(share, HOME_IDEA);
  const openings = [
    ...(toShare ? [{ ...toShare, style: 'primary' as const }] : []),
    ...opening(organize, HOME_ORGANIZE),
  ];
  const above: KnownBlock[] = [
    ...lead.blocks.flatMap((block) => blocksOf(block, slashed)),
    ...actionsOf(lead),
    ...(openings.length > 0 ? [{ type: 'actions' as const, elements: openings }] : []),
  ];
  const below = parts.map((part): KnownBlock[] => [
    { type: 'divider' },
    ...part.blocks.flatMap((block) => blocksOf(block, slashed)),
    ...actionsOf(part),
  ]);
  return { type: 'home', blocks: fitted([above, ...below]) };
}

/** What is too much for one view is left out at the end of its longest part. */
function fitted(parts: KnownBlock[][]): KnownBlock[] {
  const kept = parts.map((part) => [...part]);
  while (kept.flat().length > MOST_BLOCKS_IN_VIEW)
    kept.reduce((longest, part) => (part.length > longest.length ? part : longest)).pop();
  return kept.flat();
}

/** Null where there is nothing to ask. */
export function formView(form: Form): ModalView | null {
  if (form.fields.length === 0) return null;
  return { ...modalOf(form), callback_id: IDEA_FORM, private_metadata: form.language, blocks: fieldsOf(form) };
}

/** What is typed into it comes as it is typed, so that whoever closes it loses nothing. @param button that began it */
export function decisionView(form: Form, button: string, slashed: Slashed): ModalView {
  const lead = (form.lead ?? []).flatMap((block) => blocksOf(block, slashed));
  const fields = fieldsOf(form).map(asWritten);
  return {
    ...modalOf(form),
    callback_id: DECISION,
    private_metadata: `${form.language} ${button}`,
    blocks: [...fitted([lead]).slice(0, MOST_BLOCKS_IN_VIEW - fields.length), ...fields],
  };
}

const asWritten = (field: InputBlock): InputBlock => {
  const { element } = field;
  if (element.type !== 'plain_text_input') return { ...field, dispatch_action: true };
  const dispatch_action_config = { trigger_actions_on: ['on_character_entered' as const] };
  return { ...field, dispatch_action: true, element: { ...element, dispatch_action_config } };
};

const modalOf = ({ title, submit, close }: Form) => ({
  type: 'modal' as const,
  title: label(title, MOST_TITLE),
  submit: label(submit, MOST_TITLE),
  close: label(close, MOST_TITLE),
});

const fieldsOf = ({ fields }: Form): InputBlock[] => fields.slice(0, MOST_BLOCKS_IN_VIEW).map(fieldBlock);

function fieldBlock(field: FormField): InputBlock {
  return {
    type: 'input',
    block_id: field.name,
    optional: field.optional,
    label: label(field.label, MOST_QUESTION),
    ...(field.hint && { hint: label(field.hint, MOST_QUESTION) }),
    element: inputOf(field),
  };
}

/** A list too long for Slack is typed; a pressed radio button cannot be taken back, so what is optional is a list. */
function inputOf({ input, most, optional, given }: FormField): InputBlock['element'] {
  const action_id = 'value';
  if (!Array.isArray(input) || input.length > MOST_OPTIONS) {
    const max_length = Math.min(most ?? MOST_TYPED, MOST_TYPED);
    return {
      type: 'plain_text_input',
      action_id,
      multiline: input === 'lines',
      max_length,
      ...(given && given.length <= max_length && { initial_value: given }),
    };
  }
  const options = input.map((choice) => ({ text: label(choice.label), value: choice.value }));
  const initial_option = options.find(({ value }) => value === given);
  const first = initial_option && { initial_option };
  if (!optional && options.length <= MOST_RADIOS) return { type: 'radio_buttons', action_id, options, ...first };
  return { type: 'static_select', action_id, placeholder: plain('…'), options, ...first };
}

/** What stands in the modal's place when its words are taken in. */
export function formEndView({ title, close, text }: FormEnd, slashed: Slashed): ModalView {
  return {
    type: 'modal',
    title: label(title, MOST_TITLE),
    close: label(close, MOST_TITLE),
    blocks: blocksOf({ kind: 'text', text }, slashed),
  };
}

/** Its buttons lead to the next panel, in the language of this one. */
export function panelView({ language, title, close, blocks, choices }: Panel, slashed: Slashed): ModalView {
  const words = blocks.flatMap((block) => blocksOf(block, slashed));
  return {
    type: 'modal',
    callback_id: PANEL,
    private_metadata: language,
    title: label(title || NAME, MOST_TITLE),
    ...(close && { close: label(close, MOST_TITLE) }),
    blocks: someOf(fitted([words, actionsOf({ blocks: [], choices })])),
  };
}

/** In a panel's place. */
export const noteView = (text: string, slashed: Slashed): ModalView => ({
  type: 'modal',
  callback_id: PANEL,
  title: plain(NAME),
  blocks: someOf(blocksOf({ kind: 'text', text }, slashed)),
});

/** Slack takes no view without a block. */
const someOf = (blocks: KnownBlock[]): KnownBlock[] =>
  blocks.length > 0 ? blocks : [{ type: 'section', text: plain('…') }];
