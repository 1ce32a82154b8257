import type { Cutover } from './cutover';

/** Returns the start of prewarm. */
export function prewarmAt(cutover: Pick<Cutover, 't0' | 'prewarmS'>): Date {
  return new Date(Date.parse(cutover.t0) - cutover.prewarmS * 1000);
}

/** Returns whether a move is permanent: it has no schedule, or one without T1. */
export function staysMoved(cutover: Pick<Cutover, 't1'> | null): boolean {
  return cutover === null || cutover.t1 === null;
}
