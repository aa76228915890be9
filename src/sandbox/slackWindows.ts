import type { OpenView, SentBlock, SentView, SlackPayload } from './slackPayload.ts';

/** What a person sees beside the chat, and does there. */
export interface Windows {
  /** What the Home tab shows: null until the bot has published it. */
  home(): SentView | null;
  /** Presses a button of the Home tab, by its label. */
  pressHome(label: string): Promise<void>;
  /** Presses "Share an idea" on the Home tab; resolves with the modal that the bot opens, null when it opens none. */
  openModal(): Promise<SentView | null>;
  /** The modal that is open now. */
  modal(): SentView | null;
  /** Presses a button of the open modal, or picks what its list offers, by the label. */
  pressModal(label: string): Promise<void>;
  /** Writes into fields of the open modal and sends nothing: the bot hears of those that want to be heard of. */
  writeInModal(fields: Record<string, string>): Promise<void>;
  closeModal(): void;
  /** Somebody else changes the modal: an update made for its earlier state comes too late. */
  turnModal(): void;
  /** Sends the open modal. Gives the fields with errors and what the person reads there; null when it closed. */
  submitModal(fields: Record<string, string>): Promise<Record<string, string> | null>;
  /** Opens it from the Home tab and sends it, as a person shares an idea. */
  shareIdea(fields: Record<string, string>): Promise<Record<string, string> | null>;
}

/** What the bot shows this person. */
export interface ShownWindow {
  homeView: SentView | null;
  openedModal: OpenView | null;
}

export interface WindowParts {
  shown: ShownWindow;
  /** Tells the bot what the person does, and gives its answer. */
  interact(payload: SlackPayload): Promise<SlackPayload>;
  stamp(): string;
}

/** What Slack itself says; such a modal is not sent. */
const REQUIRED = 'Please complete this required field.';

export function createWindows(parts: WindowParts): Windows {
  const { shown, stamp } = parts;
  const press: Press = (action, more) =>
    parts.interact({ type: 'block_actions', ...more, actions: [{ ...action, block_id: 'b', action_ts: stamp() }] });
  const tab = homeTab(shown, press);
  const form = modal(parts, press);
  return {
    home: () => shown.homeView,
    ...tab,
    modal: () => shown.openedModal,
    ...form,
    async shareIdea(fields) {
      await tab.openModal();
      return form.submitModal(fields);
    },
  };
}

/** Tells the bot that something was pressed, and where. */
type Press = (action: SlackPayload, where: SlackPayload) => Promise<SlackPayload>;

function homeTab(shown: ShownWindow, press: Press): Pick<Windows, 'pressHome' | 'openModal'> {
  return {
    async pressHome(wanted) {
      const action = pressable(shown.homeView, ([label]) => label === wanted);
      if (!action) throw new Error(`The Home tab has no button ${wanted}.`);
      await press(action, { container: { type: 'view' } });
    },
    async openModal() {
      shown.openedModal = null;
      const action = pressable(shown.homeView, ([, { style }]) => style === 'primary');
      if (!action) throw new Error('The Home tab has no button that opens a form.');
      await press(action, { container: { type: 'view' } });
      return shown.openedModal;
    },
  };
}

type ModalActs = Pick<Windows, 'pressModal' | 'writeInModal' | 'closeModal' | 'turnModal' | 'submitModal'>;

function modal({ shown, interact, stamp }: WindowParts, press: Press): ModalActs {
  function opened(): OpenView {
    if (!shown.openedModal) throw new Error('No modal is open.');
    return shown.openedModal;
  }

  return {
    async pressModal(wanted) {
      const action = pressable(shown.openedModal, ([label]) => label === wanted);
      if (!shown.openedModal || !action) throw new Error(`The modal has no button ${wanted}.`);
      const { id, hash, callback_id, private_metadata = '' } = shown.openedModal;
      const view = { id, hash, type: 'modal', callback_id, private_metadata };
      await press(action, { container: { type: 'view', view_id: id }, view });
    },
    async writeInModal(fields) {
      const view = opened();
      for (const block of view.blocks.filter(({ block_id = '' }) => fields[block_id] !== undefined)) {
        const action = writtenIn(block, fields[block.block_id ?? ''] ?? '');
        if (!block.dispatch_action) continue;
        await press(action, { container: { type: 'view', view_id: view.id }, view: sentView(view, {}) });
      }
    },
    closeModal() {
      shown.openedModal = null;
    },
    turnModal() {
      if (shown.openedModal) shown.openedModal.hash = stamp();
    },
    async submitModal(fields) {
      const view = opened();
      const missing = missingIn(view, fields);
      if (missing !== null) return missing;
      const answer = await interact({ type: 'view_submission', view: sentView(view, fields) });
      if (answer.response_action === 'errors') return answer.errors as Record<string, string>;
      const next = answer.response_action === 'update' ? (answer.view as SentView) : null;
      shown.openedModal = next && { ...next, id: view.id, hash: stamp() };
      return null;
    },
  };
}

/** Writes a value into a field, or picks it from a list; gives the action by which the bot hears of it. */
function writtenIn({ element }: SentBlock, value: string): SlackPayload {
  const isList = element?.options !== undefined;
  Object.assign(element ?? {}, isList ? { initial_option: { value } } : { initial_value: value });
  const given = isList ? { selected_option: { value } } : { value };
  return { type: element?.type ?? '', action_id: 'value', ...given };
}

/** The action of the first button, or entry of a list, that is meant. */
function pressable(
  view: SentView | null,
  isMeant: (button: [label: string, action: SlackPayload]) => boolean,
): SlackPayload | undefined {
  const elements = view?.blocks.flatMap((block) => (block.type === 'actions' ? (block.elements ?? []) : [])) ?? [];
  const actions = elements.flatMap(
    ({ type, action_id, text, value, style, options = [] }): [string, SlackPayload][] => [
      ...options.map((option): [string, SlackPayload] => [
        option.text.text,
        { type, action_id, selected_option: { value: option.value } },
      ]),
      [typeof text === 'object' ? text.text : '', { type, action_id, value, ...(style && { style }) }],
    ],
  );
  return actions.find(isMeant)?.[1];
}

/** A modal as it is sent. */
function sentView({ id, callback_id, private_metadata = '', blocks }: OpenView, fields: Record<string, string>) {
  return { id, type: 'modal', callback_id, private_metadata, state: { values: filled(blocks, fields) } };
}

/** What Slack says at required fields that are empty; null: none is. */
function missingIn({ blocks }: SentView, fields: Record<string, string>): Record<string, string> | null {
  const missing = blocks.filter((block) => block.type === 'input' && !block.optional && !valueIn(block, fields));
  return missing.length === 0 ? null : Object.fromEntries(missing.map(({ block_id = '' }) => [block_id, REQUIRED]));
}

const filled = (blocks: SentBlock[], fields: Record<string, string>) =>
  Object.fromEntries(
    blocks.flatMap((block): [string, object][] => {
      const { block_id = '', element } = block;
      if (!element) return [];
      const value = valueIn(block, fields);
      const given = element.options ? { selected_option: value === null ? null : { value } } : { value };
      return [[block_id, { value: given }]];
    }),
  );

/** What is written there, or what stood there at first. */
const valueIn = ({ block_id = '', element }: SentBlock, fields: Record<string, string>): string | null =>
  fields[block_id] ?? element?.initial_value ?? element?.initial_option?.value ?? null;
