import { expect, test } from 'vitest';
import { ApiError } from './api-error';
import type { ApiRoute } from './dispatch';
import { checkValues, type ValueRule } from './value-rules';

const source = 'https://cloud.tencent.com/document/api/214/30694';

const route: ApiRoute = { service: 'clb', action: 'DescribeLoadBalancers' };

function refusal(request: object, rule: ValueRule, of = route): string | null {
  try {
    checkValues(request, of, [rule]);
    return null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

test.each<[object, ValueRule, string | null]>([
  [{ A: 5 }, { field: 'A', range: [1, 9], source }, null],
  [
    { A: 10 },
    { field: 'A', range: [1, 9], source },
    'InvalidParameterValue.Range: The parameter `A` must be between 1 and 9.',
  ],
  [{ A: 0 }, { field: 'A', range: [30, 90], also: 0, source }, null],
  [
    { A: 1 },
    { field: 'A', range: [30, 90], also: 0, source },
    'InvalidParameterValue.Range: The parameter `A` must be 0 or between 30 and 90.',
  ],
  [
    { A: 0 },
    { field: 'A', range: [1, Number.POSITIVE_INFINITY], source },
    'InvalidParameterValue.Range: The parameter `A` must be 1 or more.',
  ],
  [
    { A: [] },
    { field: 'A', items: [1, Number.POSITIVE_INFINITY], source },
    'InvalidParameterValue.Length: The parameter `A` must have 1 or more items.',
  ],
  [
    { A: [{ B: { C: 'ok' } }, { B: { C: 'wrong' } }] },
    { field: 'A[].B.C', oneOf: ['ok'], source },
    'InvalidParameterValue: The parameter `A.1.B.C` must be one of ok.',
  ],
  [{ A: 'OK' }, { field: 'A', oneOf: ['ok'], ignoreCase: true, source }, null],
  [{}, { field: 'A.B', length: [1, 2], source }, null],
  [
    { A: 'xyz' },
    { field: 'A', length: [1, 2], code: 'LimitExceeded', source },
    'LimitExceeded: The parameter `A` must have 1 to 2 characters.',
  ],
])('%j under %j', (request, rule, message) => {
  expect(refusal(request, rule)).toBe(message);
});

test('uses only codes in the list of the action: CreateListener has none for ranges, ListFunctions none for lengths', () => {
  const range: ValueRule = { field: 'A', range: [1, 9], source };
  const must = 'The parameter `A` must be between 1 and 9.';
  expect(refusal({ A: 10 }, range, { service: 'clb', action: 'CreateListener' })).toBe(
    `InvalidParameterValue: ${must}`,
  );
  const length: ValueRule = { field: 'A', length: [1, 2], source };
  expect(refusal({ A: 'abc' }, length, { service: 'scf', action: 'ListFunctions' })).toMatch(
    /^InvalidParameterValue: /,
  );
  const own = { ...range, code: 'InvalidParameterValue.Own' };
  expect(refusal({ A: 10 }, own)).toBe(`InvalidParameterValue.Own: ${must}`);
});
