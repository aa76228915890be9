import fc from 'fast-check';
import {
  type Condition,
  DEEDS,
  FACTS,
  joined,
  PROPERTIES,
  type Property,
} from '../../src/notices/audience/audience.ts';

/** Conditions as they are read: of any shape, over these values. */
export function conditions(values: Record<Property | (typeof DEEDS)[number], string[]>): fc.Arbitrary<Condition> {
  const property = fc
    .constantFrom(...PROPERTIES)
    .chain((name) =>
      fc
        .uniqueArray(fc.constantFrom(...values[name]), { minLength: 1, maxLength: 3 })
        .map((some) => ({ [name]: some }) as Condition),
    );
  const deed = fc
    .constantFrom(...DEEDS)
    .chain((name) => fc.constantFrom(...values[name]).map((of) => ({ [name]: of }) as Condition));
  const fact = fc.constantFrom(...FACTS).map((name) => ({ [name]: true }) as Condition);
  const unseen = fc.integer({ min: 0, max: 60 }).map((unseen_days) => ({ unseen_days }));
  const { tree } = fc.letrec<{ tree: Condition }>((tie) => {
    const several = fc.array(tie('tree'), { minLength: 2, maxLength: 3 });
    return {
      tree: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        fc.oneof(property, deed, fact, unseen),
        several.map((parts) => joined('all', parts)),
        several.map((parts) => joined('any', parts)),
        tie('tree').map((not) => ({ not })),
      ),
    };
  });
  return tree;
}
