import { expect, test } from 'vitest';
import { mermaid } from '../../../src/conversation/flow/diagram.ts';
import { openFlowRegistry, parseFlow } from '../../../src/conversation/flow/source/load.ts';
import { own } from '../../support/checking.ts';

function diagram(steps: string, language?: string): string[] {
  const { source, problems } = parseFlow(own(steps), 'own.flow.yaml');
  if (!source) throw new Error(JSON.stringify(problems));
  return mermaid(source.flow, language).split('\n');
}

test('a question shows its kind and its words, and an arrow for every choice', () => {
  const lines = diagram(`
  - id: menu
    ask: choice
    text: { en: What now?, es: ¿Y ahora? }
    skip: true
    timeout: { after: P2D, goto: bye }
    choices:
      - { value: go, label: { en: Go on, es: Seguir }, next: more }
      - { value: stop, label: { en: Stop, es: Parar }, next: bye }
      - { value: rest, label: { en: Rest, es: Descansar }, next: bye }
  - { id: more, ask: number, text: How many?, retries: 2, otherwise: bye }
  - { id: bye, say: Goodbye }
`);
  expect(lines.slice(0, 5)).toEqual([
    '%% own, version 1',
    'flowchart TD',
    '  s1(["menu: choice<br/>What now?"])',
    '  s2(["more: number<br/>How many?"])',
    '  s3["bye<br/>Goodbye"]',
  ]);
  expect(lines).toContain('  s1 -->|"Go on<br/>skipped"| s2');
  expect(lines).toContain('  s1 -->|"Stop<br/>Rest<br/>no answer for P2D"| s3');
  expect(lines).toContain('  s2 --> s3');
  expect(lines).toContain('  s3 --> finish');
  expect(lines).toContain('  finish(("end"))');
});

test('its words are in the first language of the flow, or in the one that is asked for', () => {
  const steps = '  - {id: one, say: {en: Hello, es: Hola}}\n';
  expect(diagram(steps)[2]).toBe('  s1["one<br/>Hello"]');
  expect(diagram(steps, 'es')[2]).toBe('  s1["one<br/>Hola"]');
});

test('a branch shows its conditions, a set what it sets, a contribution and a timeline what they are', () => {
  const lines = diagram(`
  - { id: one, set: { back: "consented" } }
  - id: two
    branch:
      - { when: "back && language == 'en'", goto: four }
  - { id: three, contribute: idea, text: "{said}" }
  - { id: four, show: timeline }
`);
  expect(lines.slice(2, 6)).toEqual([
    '  s1["one<br/>back = consented"]',
    '  s2{"two"}',
    '  s3[/"three<br/>contributes idea"/]',
    '  s4["four<br/>shows timeline"]',
  ]);
  expect(lines).toContain(`  s2 -->|"back #38;#38; language == 'en'"| s4`);
  expect(lines).toContain('  s2 -->|"otherwise"| s3');
});

test('a called flow is a subroutine, a flow that is jumped to stands once on its own', () => {
  const lines = diagram(`
  - { id: one, call: timeline }
  - id: two
    ask: consent
    consent: { version: "1" }
    text: Agreed?
    declined: four
  - { id: three, jump: { flow: idea } }
  - { id: four, jump: { flow: idea } }
  - { id: five, jump: { flow: idea, step: confirm } }
`);
  expect(lines).toContain('  s1[["one<br/>timeline"]]');
  expect(lines.filter((line) => /^ {2}f\d>/.test(line))).toEqual(['  f1>"idea"]', '  f2>"idea: confirm"]']);
  for (const arrow of [
    's1 --> s2',
    's2 -->|"agreed"| s3',
    's2 -->|"declined"| s4',
    's3 --> f1',
    's4 --> f1',
    's5 --> f2',
  ])
    expect(lines).toContain(`  ${arrow}`);
  expect(lines.join('\n')).not.toContain('finish');
});

test('whatever Mermaid or a page would take for its own is written as the number of the character', () => {
  const [, , line = ''] = diagram(`  - {id: end, say: "#1 \\"<b>[x]</b>\\" {said} & \`more\` | (so)\\n\\non"}\n`);
  expect(line).toBe(
    '  s1["end<br/>#35;1 #34;#60;b#62;#91;x#93;#60;/b#62;#34; #123;said#125; #38; #96;more#96; #124; #40;so#41; on"]',
  );
});

test('long words are cut between whole characters', () => {
  const [, , line = ''] = diagram(`  - {id: one, say: "${'💧'.repeat(80)}"}\n`);
  expect(line).toBe(`  s1["one<br/>${'💧'.repeat(59)}…"]`);
});

test('every shipped flow has an arrow from each of its steps', async () => {
  for (const flow of (await openFlowRegistry('flows')).flows) {
    const text = mermaid(flow);
    for (const at of flow.steps.keys()) expect(text).toMatch(new RegExp(`^ {2}s${at + 1} -->`, 'm'));
  }
});
