import { createHash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import type { Catalog } from '../../../core/messageFormat.ts';
import { inOrder, type Problem, type Report, refuseErrors } from '../../../core/problem.ts';
import { createFlowRegistry, type FlowRegistry } from '../flowRegistry.ts';
import { type Phrasebooks, readCatalogs } from './catalog.ts';
import { checkFlows } from './check.ts';
import { parseYaml, type Yaml } from './file.ts';
import { FLOW_FILE, type FlowFiles, type Folder, flowNames, isSame, readFolder, yamlIn } from './folder.ts';
import { NEEDED } from './lint/flows.ts';
import { reportIn, type Source } from './place.ts';
import { type Flow, flowSchema, STEP_KINDS, type StepKind } from './schema.ts';
import { shapeProblems } from './shape.ts';

export interface FlowsReading {
  sources: Source[];
  messages: Catalog;
  phrasebooks: Phrasebooks;
  problems: Problem[];
}

/** Reads `*.flow.yaml` and the catalogs of a folder, and checks all of it together; problems come in order of file and line. */
export const readFlows = async (folder: string): Promise<FlowsReading> => checkFolder(await readFolder(folder));

function checkFolder(folder: Folder): FlowsReading {
  const read = flowNames(folder).map((name) => flowOf(yamlIn(folder, name), path.join(folder.name, name)));
  const sources = read.flatMap(({ source }) => source ?? []);
  const unread = new Set(read.flatMap(({ source, name }) => (source ? [] : [name])));
  const flows = sources.map((source) => source.flow);
  const { messages, phrasebooks, problems } = readCatalogs(folder, flows, unread);
  const all = [
    ...misnamed(folder),
    ...read.flatMap((one) => one.problems),
    ...problems,
    ...missing(folder.name, new Set([...flows.map(({ flow }) => flow), ...unread])),
    ...checkFlows(sources, { messages, unread }),
  ];
  return { sources, messages, phrasebooks, problems: inOrder(all) };
}

/** Everything that the bot says, of which nothing is wrong. */
export interface Script {
  registry: FlowRegistry;
  phrasebooks: Phrasebooks;
}

/**
 * What a folder says. Versions of flows are the authors' with a mark of the content: a flow that was changed under its old
 * number is another version all the same.
 * @throws UserError with all errors, each with file and line.
 */
export function scriptOf(folder: Folder): Script {
  const isWhole = Object.keys(folder.unopened).length === 0;
  if (isWhole && sound && isSame(sound.files, folder.files)) return sound.script;
  const { sources, messages, phrasebooks, problems } = checkFolder(folder);
  refuseErrors(problems);
  const flows = sources.map((source) => stamped(source.flow));
  const script = { registry: createFlowRegistry(flows, messages), phrasebooks };
  sound = { files: folder.files, script };
  return script;
}

/** What was read last and had no errors: whoever reads a folder again mostly meets the same, and checking takes long. */
let sound: { files: FlowFiles; script: Script } | null = null;

/** The flows of a folder. @throws UserError with all errors, each with file and line. */
export const openFlowRegistry = async (folder: string): Promise<FlowRegistry> =>
  scriptOf(await readFolder(folder)).registry;

function stamped(flow: Flow): Flow {
  const mark = createHash('sha256').update(JSON.stringify(flow)).digest('hex').slice(0, 8);
  return { ...flow, version: `${flow.version}-${mark}` };
}

/** One flow; problems of shape with the line of what is wrong. */
export function parseFlow(text: string, file: string): { source?: Source; problems: Problem[] } {
  return flowOf(parseYaml(text, file), file);
}

/** @returns also the name that other flows know it by, as far as it can be told. */
function flowOf(
  { value, lineAt, problems }: Yaml,
  file: string,
): { source?: Source; name: string; problems: Problem[] } {
  const name = path.basename(file, FLOW_FILE);
  if (value === null) return { name, problems };
  const named = typeof value.flow === 'string' ? value.flow : name;
  const found = [...problems, ...shapeOf(value, reportIn({ file, lineAt }))];
  const { data } = flowSchema.safeParse(value);
  return data && found.length === problems.length
    ? { source: { flow: data, file, lineAt }, name: named, problems }
    : { name: named, problems: found };
}

const flowHead = flowSchema.extend({ steps: z.array(z.unknown()).min(1) });

/** Each step against the schema of its own kind, so that the message is about that kind alone. */
function shapeOf(value: Record<string, unknown>, report: Report): Problem[] {
  const steps = Array.isArray(value.steps) ? value.steps : [];
  return [
    ...shapeProblems(flowHead, value, report, { keys: Object.keys(flowHead.shape) }),
    ...steps.flatMap((step: unknown, at) => stepShape(step, at, report)),
  ];
}

function stepShape(step: unknown, at: number, report: Report): Problem[] {
  const kind = kindOf(step);
  const kinds = Object.keys(STEP_KINDS).join(', ');
  if (!kind) return [report(['steps', at], 'This step has no kind.', `Give it one of: ${kinds}.`)];
  const tell: Report = (place, message, remedy, severity) =>
    report(['steps', at, ...place], `${kind}: ${message}`, remedy, severity);
  return shapeProblems(STEP_KINDS[kind], step, tell, { keys: Object.keys(STEP_KINDS[kind].shape) });
}

const kindOf = (step: unknown): StepKind | undefined =>
  typeof step === 'object' && step !== null
    ? (Object.keys(STEP_KINDS) as StepKind[]).find((kind) => Object.hasOwn(step, kind))
    : undefined;

function missing(folder: string, flows: ReadonlySet<string>): Problem[] {
  return Object.entries(NEEDED)
    .filter(([flow]) => !flows.has(flow))
    .map(([flow, when]) =>
      wholeFile(
        path.join(folder, `${flow}${FLOW_FILE}`),
        'error',
        `There is no flow "${flow}", which begins ${when}.`,
        'Add it; one is shipped with Hearback.',
      ),
    );
}

const misnamed = ({ name: folder, misnamed: names }: Folder): Problem[] =>
  names.map((name) =>
    wholeFile(path.join(folder, name), 'warning', 'This file is not read.', `Let its name end in ${FLOW_FILE}.`),
  );

const wholeFile = (file: string, severity: Problem['severity'], message: string, remedy: string): Problem => ({
  file,
  line: 1,
  severity,
  message,
  remedy,
});
