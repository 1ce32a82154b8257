import { expect, it } from 'vitest';
import { toDraft } from '@/lib/diversion/to-draft';
import { testSplit } from '@/testing/plan/test-estate';
import { setWarm, writeWarm } from './set-warm';

const draft = toDraft(testSplit());
const provisioned = (warm: readonly string[]) =>
  setWarm(draft, warm).routes.flatMap((route) => (route.to === 'function' ? [route.provisioned] : []));

it('sets the instances of the functions that an address names', () => {
  expect(provisioned([writeWarm('flash/storefront', 120)])).toEqual([120]);
});

it.each([
  'flash/other:5',
  'flash/storefront:',
  'flash/storefront:0',
  'storefront:5',
  'flash/storefront:5x',
  '',
])('leaves the draft as it is for %o', (text) => {
  expect(setWarm(draft, [text])).toEqual(draft);
});
