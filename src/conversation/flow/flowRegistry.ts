import type { Catalog } from '../../core/messageFormat.ts';
import type { Flow, Step } from './source/schema.ts';

/** The flows that there are: the newest of each for those who begin, older versions for those who are under way. */
export interface FlowRegistry {
  /** The newest of each. */
  flows: readonly Flow[];
  /** @param version left out: the newest. */
  get(flow: string, version?: string): Flow | undefined;
  messages: Catalog;
}

export function createFlowRegistry(
  flows: readonly Flow[],
  messages: Catalog,
  older: readonly Flow[] = [],
): FlowRegistry {
  const newest = new Map(flows.map((flow) => [flow.flow, flow]));
  const pinned = new Map([...older, ...flows].map((flow) => [`${flow.flow}@${flow.version}`, flow]));
  return {
    flows,
    messages,
    get: (flow, version) => (version === undefined ? newest.get(flow) : pinned.get(`${flow}@${version}`)),
  };
}

export const stepAt = (flow: Flow, id: string): Step | undefined => flow.steps.find((step) => step.id === id);

/** The step that follows in the file; null after the last. */
export function following(flow: Flow, id: string): string | null {
  const at = flow.steps.findIndex((step) => step.id === id);
  return (at >= 0 && flow.steps[at + 1]?.id) || null;
}

/** No label and no command is longer; what is cut here is compared, never kept. */
const MOST_COMPARED = 300;

const AT_THE_ENDS = /^[\s.,;:!?¡¿"'()«»“”‘’„…]+|[\s.,;:!?"'()«»“”‘’„…。！？，、।؟،؛։]+$/g;

/**
 * Words without accents, case, punctuation at the ends and doubled blanks: how typed answers are compared. Vowel signs are
 * no accents: without them half the words of Nepali are the same.
 */
export const plain = (text: string): string =>
  text
    .slice(0, MOST_COMPARED)
    .normalize('NFD')
    .replace(/[\p{Script=Inherited}\p{Cf}]/gu, '')
    .toLocaleLowerCase('en')
    // Capitals do not tell them apart.
    .replaceAll('ı', 'i')
    .replaceAll('ς', 'σ')
    .replace(/\s+/g, ' ')
    .replace(AT_THE_ENDS, '');
