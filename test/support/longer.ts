import { readFile } from 'node:fs/promises';
import { createFlowRegistry, type FlowRegistry } from '../../src/conversation/flow/flowRegistry.ts';
import { openFlowRegistry, parseFlow } from '../../src/conversation/flow/source/load.ts';
import type { Flow } from '../../src/conversation/flow/source/schema.ts';

const LONGER = ['idea', 'loose', 'question', 'welcome'];

/** The shipped flows, but for some in which an idea is asked about at length before it is sent, as authors may write them. */
export async function longerFlows(): Promise<FlowRegistry> {
  const shipped = await openFlowRegistry('flows');
  const others = shipped.flows.filter(({ flow }) => !LONGER.includes(flow));
  return createFlowRegistry([...others, ...(await Promise.all(LONGER.map(longer)))], shipped.messages);
}

async function longer(name: string): Promise<Flow> {
  const file = `test/fixtures/flows/longer/${name}.flow.yaml`;
  const { source, problems } = parseFlow(await readFile(file, 'utf8'), file);
  if (!source) throw new Error(JSON.stringify(problems));
  return source.flow;
}
