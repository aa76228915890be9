import type { Catalog } from '../../../core/messageFormat.ts';
import type { Problem } from '../../../core/problem.ts';
import { flowProblems } from './lint/flows.ts';
import { graphProblems } from './lint/graphProblems.ts';
import { keepProblems } from './lint/keep.ts';
import { keyProblems } from './lint/keys.ts';
import { choiceProblems, sizesIn } from './lint/limits.ts';
import { nameProblems, namesFor } from './lint/names.ts';
import { referenceProblems } from './lint/references.ts';
import { textsOf } from './lint/texts.ts';
import { textProblems } from './lint/words.ts';
import { placesOf, type Source } from './place.ts';

export interface Surrounding {
  messages: Catalog;
  /** Flows whose files cannot be read: whether a name comes from one of them cannot be known. */
  unread: ReadonlySet<string>;
}
const NOTHING: Surrounding = { messages: { texts: {}, commands: {}, words: {} }, unread: new Set() };

/** Graph, references, translations and platform limits of flows whose shape is right. */
export function checkFlows(sources: readonly Source[], { messages, unread } = NOTHING): Problem[] {
  const first = new Map([...sources].reverse().map((source) => [source.flow.flow, source]));
  const distinct = sources.filter((source) => first.get(source.flow.flow) === source);
  const flows = new Map(distinct.map((source) => [source.flow.flow, source.flow]));
  const names = unread.size === 0 ? namesFor(flows) : null;
  const steps = sources.flatMap((source) => {
    const sizeOf = sizesIn(source.flow);
    const known = names?.(source.flow.flow);
    return placesOf(source).flatMap((place) => [
      ...keyProblems(place),
      ...keepProblems(place),
      ...choiceProblems(place, messages),
      ...(known ? nameProblems(place, known) : []),
      ...textsOf(place.step).flatMap((text) =>
        textProblems(
          { ...text, names: known && new Set([...known.inTexts, ...(text.given ?? [])]), sizeOf },
          source.flow.languages,
          place.report,
        ),
      ),
    ]);
  });
  return [...flowProblems(sources), ...referenceProblems(sources, flows, unread), ...steps, ...graphProblems(distinct)];
}
