import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check } from '@/lib/preflight/model/model';
import { describeMoved, listMovedRules } from './moved-rules';

const { pass, warn } = createFindings('http2', sources.clbTypes);

/**
 * Finds names that have HTTP/2 now and not after the move: their clients open more connections. A rule that a plan
 * creates has no HTTP/2.
 */
export const checkHttp2: Check = (input) => {
  const moved = listMovedRules(input);
  const lost = moved.filter(({ rule, to }) => rule.http2 === true && to.rule?.http2 !== true);
  if (moved.length === 0) return [];
  return [
    lost.length === 0
      ? pass({ ...describeMoved(moved), why: 'pass' })
      : warn({ ...describeMoved(lost), why: 'lost' }),
  ];
};
