import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concealed, noticeReport, type ReportCount } from '../../src/notices/report.ts';

test('what so few people say is not shown, and cannot be worked out from the rest', () => {
  expect(concealed([120, 40, 3])).toEqual([120, 'hidden', 'few']);
  expect(concealed([120, 4, 3, 0])).toEqual([120, 'few', 'few', 0]);
  expect(concealed([120, 40, 0])).toEqual([120, 40, 0]);
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 2 }), (numbers) => {
      const shown = concealed(numbers);
      expect(shown.map((one, index) => (typeof one === 'number' ? one : numbers[index]))).toEqual(numbers);
      expect(shown.some((one) => typeof one === 'number' && one > 0 && one < 5)).toBe(false);
      const unseen = numbers.filter((number, index) => number > 0 && typeof shown[index] !== 'number');
      const others = numbers.filter((number) => number > 0);
      if (others.length > 1) expect(unseen).not.toHaveLength(1);
    }),
  );
});

const count = (by: ReportCount['by'], value: string | null, had: number): ReportCount => ({
  by,
  value,
  had,
  recipients: had + 1,
  answered: 1,
  toItsQuestion: 1,
});

test('the most come first, those of whom nobody knows it last, and who had nothing is not listed', () => {
  const counts = [
    count('language', 'es', 5),
    count('language', null, 90),
    count('language', 'en', 20),
    count('language', 'fr', 0),
    count(null, null, 115),
  ];
  const report = noticeReport({ id: 'n', begunAt: null, asks: false }, counts);
  expect(report).toMatchObject({ recipients: 116, had: 115, answered: 1, toItsQuestion: null });
  expect(report.by.language.map(({ value }) => value)).toEqual(['en', 'es', null]);
  expect(report.by.source).toEqual([]);
});
