import { expect, it } from 'vitest';
import { testEstate } from '@/testing/plan/test-estate';
import { mergeFunction } from './merge-function';

const deployed = {
  region: 'ap-singapore',
  namespace: 'default',
  name: 'hello',
  runtime: 'Python3.10',
  handler: 'index.main_handler',
  memoryMb: 128,
  timeoutS: 3,
  version: '1',
  at: '2026-12-11T15:00:00.000Z',
};

it('adds a function that the snapshot does not have, ready to be bound', () => {
  const { functions } = mergeFunction(testEstate(), deployed);
  expect(functions).toHaveLength(2);
  expect(functions[1]).toMatchObject({ name: 'hello', status: 'Active', versions: ['$LATEST', '1'] });
});

it('puts a new version of a known function first', () => {
  const estate = mergeFunction(testEstate(), deployed);
  const { functions } = mergeFunction(estate, { ...deployed, version: '2' });
  expect(functions.find((fn) => fn.name === 'hello')?.versions).toEqual(['$LATEST', '2', '1']);
});

it('changes nothing if the snapshot has the version', () => {
  const estate = mergeFunction(testEstate(), deployed);
  expect(mergeFunction(estate, deployed)).toBe(estate);
});

it('points an alias at the new version, even if the version was known without it', () => {
  const named = { ...deployed, alias: 'live' };
  const estate = mergeFunction(mergeFunction(testEstate(), deployed), named);
  const helloAliases = (of: typeof estate) => of.functions.find((fn) => fn.name === 'hello')?.aliases;
  expect(helloAliases(estate)).toEqual([{ name: 'live', version: '1', additional: null }]);
  expect(helloAliases(mergeFunction(estate, { ...named, version: '2' }))).toEqual([
    { name: 'live', version: '2', additional: null },
  ]);
});
