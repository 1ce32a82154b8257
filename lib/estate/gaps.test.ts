import { expect, it } from 'vitest';
import { type EstatePart, isUnread } from './gaps';

const estate = { gaps: [{ part: 'clb/ap-singapore/lb-1', reason: 'timeout' }] };

it.each<[EstatePart, boolean]>([
  ['clb/ap-singapore/lb-1', true],
  ['clb/ap-singapore/lb-1/loc-1', true],
  ['clb/ap-singapore', false],
  ['clb/ap-singapore/lb-10', false],
  ['scf/ap-singapore', false],
])('reports whether %s is covered by the gap: %s', (part, covered) => {
  expect(isUnread(estate, part)).toBe(covered);
});
