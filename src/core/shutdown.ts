export interface Stops {
  add(stop: () => Promise<unknown>): void;
  /** @throws AggregateError of what could not be undone */
  run(): Promise<void>;
}

/** Things to undo, newest first. Each step is tried, whatever the others do. */
export function createStops(): Stops {
  const stops: (() => Promise<unknown>)[] = [];
  let stopping: Promise<void> | null = null;
  async function run(): Promise<void> {
    const errors: unknown[] = [];
    for (const stop of stops.reverse()) await stop().catch((error: unknown) => errors.push(error));
    if (errors.length > 0) throw new AggregateError(errors, 'Stopping was not clean.');
  }
  return { add: (stop: () => Promise<unknown>) => void stops.push(stop), run: () => (stopping ??= run()) };
}
