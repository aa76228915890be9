import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** By folder, those whose files take long: they begin first, so that none of them is left over at the end. */
const LONG = ['withstand', 'service', 'interfaces/cli', 'conversation/flow/source', 'store'];

export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const at = LONG.findIndex((folder) => moduleId.includes(`/test/${folder}/`));
  return at === -1 ? LONG.length : at;
}
