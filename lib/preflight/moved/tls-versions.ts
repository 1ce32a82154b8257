import { tlsVersionsDefault } from '@/lib/estate/facts/limits';
import { configOfRoute } from '@/lib/preflight/function/route-config';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check } from '@/lib/preflight/model/model';
import { describeMoved, listMovedRules, type MovedFrom } from './moved-rules';

const { pass, warn, unknown } = createFindings('tls-versions', sources.customConfig);

/**
 * Compares the TLS versions that clients may use before and after the move: fewer refuse old clients, and more allow
 * versions that were switched off on purpose.
 */
export const checkTlsVersions: Check = (input) => {
  const moved = listMovedRules(input).filter(({ listener }) => listener.protocol === 'HTTPS');
  const read = moved.map((each: MovedFrom) => ({
    ...each,
    old: configOfRoute(input.before, { ...each, hostName: each.domain }),
    next: configOfRoute(input.estate, each.to),
  }));
  const unread = read.filter(({ old, next }) => old === null || next === null);
  const changed = read.flatMap((each) => {
    const old = each.old?.tlsVersions ?? tlsVersionsDefault;
    const next = each.next?.tlsVersions ?? tlsVersionsDefault;
    const lost = old.filter((version) => !next.includes(version));
    const added = next.filter((version) => !old.includes(version));
    return each.old === null || each.next === null ? [] : [{ ...each, lost, added }];
  });
  const listVersions = (versions: readonly (readonly string[])[]) =>
    [...new Set(versions.flat())].sort().join(', ');
  const fewer = changed.filter(({ lost }) => lost.length > 0);
  const more = changed.filter(({ added }) => added.length > 0);
  const { values: lostFrom, ...ofFewer } = describeMoved(fewer);
  const { values: addedTo, ...ofMore } = describeMoved(more);
  const findings = [
    ...(unread.length === 0 ? [] : [unknown({ ...describeMoved(unread), why: 'unread' })]),
    ...(fewer.length === 0
      ? []
      : [
          warn({
            ...ofFewer,
            why: 'fewer',
            values: { ...lostFrom, versions: listVersions(fewer.map(({ lost }) => lost)) },
          }),
        ]),
    ...(more.length === 0
      ? []
      : [
          warn({
            ...ofMore,
            why: 'more',
            values: { ...addedTo, versions: listVersions(more.map(({ added }) => added)) },
          }),
        ]),
  ];
  return findings.length > 0 || moved.length === 0
    ? findings
    : [pass({ ...describeMoved(moved), why: 'pass' })];
};
