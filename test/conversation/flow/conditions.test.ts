import { expect, test } from 'vitest';
import { conditionProblem, evaluate, holds } from '../../../src/conversation/flow/conditions.ts';

test('conditions compare answers, also those that nobody has given', () => {
  expect(holds('theme == "health" && consented', { theme: 'health', consented: true })).toBe(true);
  expect(holds('theme == "health" || said != null', { theme: null, said: 'x' })).toBe(true);
  expect(holds('theme == "health"', { theme: null })).toBe(false);
  expect(holds('"a" in picked && size(picked) > 1', { picked: ['a', 'b'] })).toBe(true);
});

test('numbers are numbers, however they are written', () => {
  expect(evaluate('count + 1', { count: 2 })).toBe(3);
  expect(evaluate('count * 1.5', { count: 3 })).toBe(4.5);
  expect(evaluate('count / 2', { count: 3 })).toBe(1.5);
  expect(holds('count >= 3 && count == 4', { count: 4 })).toBe(true);
  expect(evaluate('count / 0', { count: 3 })).toBeNull();
});

test('what every object inherits is not an answer', () => {
  for (const name of ['constructor', 'toString', '__proto__', 'a.constructor', 'a.__proto__', '"x".constructor'])
    expect(evaluate(`${name} != null`, { a: ['x'] })).toBeNull();
});

test('an expression that fails on its values does not hold', () => {
  for (const source of ['missing == 1', 'a > 3', 'a +', '', '1', 'a', '[1, 2]', '{"a": 1}'])
    expect(holds(source, { a: 'text' })).toBe(false);
});

test('a regular expression is refused at check and never run: these would take years', () => {
  for (const source of ['value.matches("^(a+)+$")', 'size(value) > 1 && [value].exists(v, v.matches("(a+)+b"))']) {
    expect(conditionProblem(source)).toContain('matches() is not there');
    expect(evaluate(source, { value: `${'a'.repeat(60)}!` })).toBeNull();
  }
});

test('a name that nothing sets is found', () => {
  expect(conditionProblem('theem == "health"', ['theme'])).toContain('theem');
  expect(conditionProblem('theme == "health" && size(theme) > count + 1.5', ['theme', 'count'])).toBeNull();
  expect(conditionProblem('[theme].exists(one, one == "health")', ['theme'])).toBeNull();
  expect(conditionProblem('theme ==')).not.toBeNull();
});

test('words are counted in any script', () => {
  expect(evaluate('wordCount(said)', { said: 'Promise no. 12' })).toBe(3);
  expect(holds('wordCount(said) >= 4', { said: '希望公开所有政府采购合同' })).toBe(true);
  expect(holds('wordCount(said) < 4', { said: null })).toBe(false);
  expect(conditionProblem('wordCount(said) < 4', ['said'])).toBeNull();
});
