import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunId } from '@/lib/run/model/run-id';
import {
  type FunctionQuery,
  findFunctions,
  functionColumns,
  functionUses,
  type ListedFunction,
  parseFunctionQuery,
  writeFunctionQuery,
} from './function-query';

const all: FunctionQuery = parseFunctionQuery(new URLSearchParams());

function listed(name: string, more: Partial<ListedFunction> = {}): ListedFunction {
  return {
    region: 'ap-singapore',
    namespace: 'default',
    name,
    type: 'Event',
    runtime: 'Python3.10',
    status: 'Active',
    memoryMb: 128,
    timeoutS: 3,
    modifiedAt: '2026-12-11T14:00:00.000Z',
    versionCount: 0,
    aliasCount: 0,
    provisioned: null,
    ruleCount: 0,
    otherTriggerCount: 0,
    leftBy: null,
    calls: null,
    errors: null,
    ...more,
  };
}

const leftBy = { runId: RunId.parse('R-0003'), at: '2026-12-11T14:00:00.000Z' };
const functions = [
  listed('fn-10', { ruleCount: 2, versionCount: 3 }),
  listed('fn-9', { region: 'ap-jakarta', versionCount: 12 }),
  listed('sale', { namespace: 'flash', leftBy }),
];
const names = (state: Partial<FunctionQuery>) =>
  findFunctions(functions, { ...all, ...state }).map(({ name }) => name);

describe('the list of functions', () => {
  it('is in natural order of names', () => {
    expect(names({})).toEqual(['fn-9', 'fn-10', 'sale']);
    expect(names({ descending: true })).toEqual(['sale', 'fn-10', 'fn-9']);
  });

  it('sorts numbers as numbers', () => {
    expect(names({ sort: 'versions', descending: true })).toEqual(['fn-9', 'fn-10', 'sale']);
  });

  it('lists functions without a rule as unused, including those left by a rollback', () => {
    expect(names({ use: 'bound' })).toEqual(['fn-10']);
    expect(names({ use: 'unused' })).toEqual(['fn-9', 'sale']);
    expect(names({ use: 'left' })).toEqual(['sale']);
  });

  it('finds functions by all words in names, locations and runs', () => {
    expect(names({ search: 'flash sale' })).toEqual(['sale']);
    expect(names({ search: 'r-0003' })).toEqual(['sale']);
    expect(names({ search: 'sale jakarta' })).toEqual([]);
    expect(names({ region: 'ap-jakarta' })).toEqual(['fn-9']);
    expect(names({ namespace: 'flash' })).toEqual(['sale']);
  });
});

it('stores filters and order in the address', () => {
  const text = fc.option(fc.string({ minLength: 1 }), { nil: null });
  fc.assert(
    fc.property(
      fc.record({
        search: fc.string(),
        region: text,
        namespace: text,
        use: fc.option(fc.constantFrom(...functionUses), { nil: null }),
        sort: fc.constantFrom(...functionColumns),
        descending: fc.boolean(),
      }),
      (state) => {
        const written = writeFunctionQuery(new URLSearchParams('connection=here'), state);
        expect(parseFunctionQuery(written)).toEqual(state);
        expect(written.get('connection')).toBe('here');
      },
    ),
  );
});
