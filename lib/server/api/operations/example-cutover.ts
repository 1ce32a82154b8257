import type { CutoverRequest } from '@/lib/diversion/cutover';

/** The schedule of a sale of four hours, as the documentation shows it, with the guards of the policy. */
export const exampleCutover: CutoverRequest = {
  t0: '2030-12-11T17:00:00.000Z',
  prewarmS: 300,
  t1: '2030-12-11T21:00:00.000Z',
  zone: 'Asia/Jakarta',
  missedT0: { kind: 'skip' },
};
