import type { DrillEvent } from './drill-report';

type Rank = readonly [number, number, number, number];

function rank({ missed, lostShare }: DrillEvent): Rank {
  const hasLost = missed.includes('lostShare');
  return [missed.includes('ended') ? 1 : 0, hasLost ? 1 : 0, hasLost ? lostShare : missed.length, lostShare];
}

/**
 * Compares two events of a fire drill, for sorting from the gravest on: one that did not end as planned; then one that
 * lost more requests than its goal allows, the more the graver; then one that missed more goals, or lost more.
 */
export function compareEvents(one: DrillEvent, other: DrillEvent): number {
  const [a, b] = [rank(one), rank(other)];
  return b[0] - a[0] || b[1] - a[1] || b[2] - a[2] || b[3] - a[3];
}
