import type { DrillEvent } from './drill-report';

function rank({ missed, lostShare }: DrillEvent): readonly [number, number, number] {
  return [missed.includes('ended') ? 1 : 0, missed.length, lostShare];
}

/**
 * Compares two events of a fire drill, for sorting from the gravest on: one that did not end as planned, then one that
 * missed more goals, then one that lost more.
 */
export function compareEvents(one: DrillEvent, other: DrillEvent): number {
  const [a, b] = [rank(one), rank(other)];
  return b[0] - a[0] || b[1] - a[1] || b[2] - a[2];
}
