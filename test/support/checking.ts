import { describe, expect, test } from 'vitest';
import { checkFlows } from '../../src/conversation/flow/source/check.ts';
import { parseFlow } from '../../src/conversation/flow/source/load.ts';
import type { Catalog } from '../../src/core/messageFormat.ts';
import { inOrder, type Problem } from '../../src/core/problem.ts';

/** Files are checked as one folder; they are named for their flows. */
export function checkAll(
  files: Record<string, string>,
  messages: Catalog = { texts: {}, commands: {}, words: {} },
): Problem[] {
  const read = Object.entries(files).map(([name, text]) => parseFlow(text, `${name}.flow.yaml`));
  const sources = read.flatMap(({ source }) => source ?? []);
  const found = checkFlows(sources, { messages, unread: new Set() });
  return inOrder([...read.flatMap(({ problems }) => problems), ...found]);
}

/** A flow `own` in English and Spanish; its first step stands on line 5. */
export const own = (steps: string, name = 'own'): string =>
  `flow: ${name}\nversion: 1\nlanguages: [en, es]\nsteps:\n${steps}`;

export const check = (steps: string, messages?: Catalog): Problem[] => checkAll({ own: own(steps) }, messages);

/** One row of a table: what is wrong, in which lines, and what is said about it. */
export interface Row {
  what: string;
  steps: string;
  line: number;
  says: string;
  remedy: string;
  severity?: Problem['severity'];
  messages?: Catalog;
}

/** The finding that a row is about, or all that there is instead. */
export function finding(problems: readonly Problem[], row: Pick<Row, 'says'>): Problem | string {
  const found = problems.find(({ message }) => message.includes(row.says));
  return found ?? `nothing says "${row.says}", but: ${JSON.stringify(problems, null, 1)}`;
}

/** A question, and an end, to stand before and after what is looked at. */
export const FIRST = '  - {id: first, ask: text, text: What?}\n';
export const OUT = '  - {id: out, end: true}\n';
export const choices = (...list: string[]) =>
  `  - id: pick\n    ask: choice\n    text: Which?\n    choices:\n${list.map((one) => `      - ${one}\n`).join('')}`;
export const branch = (when: string) => `${FIRST}  - {id: two, branch: [{when: '${when}', goto: out}]}\n${OUT}`;

/** Each row is found at its line, with its remedy. */
export function table(title: string, rows: Row[]): void {
  describe(title, () => {
    test.each(rows.map((row) => [row.what, row] as const))('%s', (_what, row) => {
      const severity = row.severity ?? 'error';
      const found = finding(check(row.steps, row.messages), row);
      expect(found).toMatchObject({ file: 'own.flow.yaml', line: row.line, severity });
      expect(found).toMatchObject({ remedy: expect.stringContaining(row.remedy) });
    });
  });
}
