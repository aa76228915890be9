import type { Amended, Contributed } from '../events.ts';
import { isFile } from '../files.ts';
import type { Run } from '../run.ts';
import type { Amend, Flow } from '../source/schema.ts';
import { formatted } from '../values.ts';
import { answersOf, contribute, partsOfFields } from './contribute.ts';

const ATTRIBUTIONS: Contributed['contribution']['attribution'][] = ['name', 'group', 'nobody'];

/** What the answers add to a contribution; null when they add nothing: every one of them may have been skipped. */
export function amended(run: Run, flow: Flow, step: Amend): Amended | null {
  const { answer, text, words, files } = answersOf(run);
  const said = (step.fields ?? []).filter((name) => answer(name) !== null && !isFile(answer(name)));
  const attribution = ATTRIBUTIONS.find((each) => each === text(step.attribution)) ?? null;
  const made = {
    words: words(step.textOf),
    rest: null,
    attachments: files(step.attachments),
    fields: Object.fromEntries(said.map((name) => [name, answer(name)])),
    parts: partsOfFields(run, said),
    theme: text(step.theme),
    attribution,
    attributionName: attribution === null || attribution === 'nobody' ? null : text(step.attributionName),
  };
  const isNothing = made.words.text === '' && made.attachments.length === 0 && said.length === 0;
  if (isNothing && made.theme === null && attribution === null) return null;
  const own = flow.steps.find((each) => 'contribute' in each);
  return {
    kind: 'amended',
    reference: text(step.amend) ?? '',
    ...made,
    done: step.done === undefined ? null : formatted(run, flow, step.done),
    offers: step.offer ?? [],
    instead: own && 'contribute' in own ? contribute(run, flow, own) : null,
  };
}
