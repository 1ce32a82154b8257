import { readTimeoutDefaultS } from '@/lib/estate/facts/limits';
import { findFunction } from '@/lib/estate/look-up';
import { configOfRoute } from '@/lib/preflight/function/route-config';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check } from '@/lib/preflight/model/model';
import { describeMoved, listMovedRules } from './moved-rules';

const { pass, warn, unknown } = createFindings('long-responses', sources.scfStatus);

/**
 * Finds names whose servers may take longer than the function's timeout, after which a function is ended and the client
 * gets an error. Only a wait that was raised shows that responses take long: the default is no evidence.
 */
export const checkLongResponses: Check = (input) => {
  const moved = listMovedRules(input).flatMap((each) => {
    const chosen = findFunction(input.estate, each.to.route.function);
    if (chosen === undefined) return [];
    const config = configOfRoute(input.before, { ...each, hostName: each.domain });
    return [{ ...each, timeoutS: chosen.timeoutS, config, waitS: config?.readTimeoutS ?? 0 }];
  });
  if (moved.length === 0) return [];
  const long = moved
    .filter(({ waitS, timeoutS }) => waitS > Math.max(readTimeoutDefaultS, timeoutS))
    .toSorted((a, b) => b.waitS - a.waitS);
  const [longest] = long;
  if (longest !== undefined) {
    const { values, ...found } = describeMoved(long);
    const seconds = Math.min(...long.map(({ timeoutS }) => timeoutS));
    return [warn({ ...found, why: 'longer', values: { ...values, waitS: longest.waitS, seconds } })];
  }
  const unread = moved.filter(({ config }) => config === null);
  return [
    unread.length > 0
      ? unknown({ ...describeMoved(unread), why: 'unread' })
      : pass({ ...describeMoved(moved), why: 'pass' }),
  ];
};
