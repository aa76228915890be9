import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Those that take long, by how their paths begin: they come first, so that none of them is left over at the end. The
 * conversations compute all the time; those that withstand something mostly wait beside them.
 */
const LONG = [
  'conversations/',
  'withstand/',
  'service/',
  'interfaces/chat/panels',
  'interfaces/cli/ending',
  'channels/slack.home',
  'queue/',
  'conversation/flow/source/',
  'actions/',
  'store/',
  'interfaces/',
];

export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = LONG.findIndex((path) => moduleId.includes(`/test/${path}`));
  return at === -1 ? LONG.length : at;
}
