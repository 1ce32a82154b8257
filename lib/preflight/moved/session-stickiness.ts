import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check } from '@/lib/preflight/model/model';
import { describeMoved, listMovedRules } from './moved-rules';

const { pass, warn } = createFindings('session-stickiness', sources.clbTypes);

/**
 * Finds names whose clients stay on one server, by a cookie or by their address: a function keeps nothing between its
 * calls, so sessions in the memory of a server are lost.
 */
export const checkSessionStickiness: Check = (input) => {
  const moved = listMovedRules(input);
  const sticky = moved.filter(
    ({ rule }) => (rule.sessionExpireS ?? 0) > 0 || rule.scheduler.toUpperCase() === 'IP_HASH',
  );
  if (moved.length === 0) return [];
  return [
    sticky.length === 0
      ? pass({ ...describeMoved(moved), why: 'pass' })
      : warn({ ...describeMoved(sticky), why: 'sticky' }),
  ];
};
