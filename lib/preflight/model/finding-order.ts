import type { Finding, FindingStatus } from './model';

const rank: Readonly<Record<FindingStatus, number>> = { block: 0, unknown: 1, warn: 2, pass: 3 };

/** Sorts findings with the worst first; equal ones keep their order. */
export function worstFirst<T extends { readonly status: FindingStatus }>(
  findings: readonly T[],
): readonly T[] {
  return findings.toSorted((a, b) => rank[a.status] - rank[b.status]);
}

/** Counts the findings of each status. */
export function countByStatus(findings: readonly Finding[]): Readonly<Record<FindingStatus, number>> {
  const counts = { pass: 0, warn: 0, block: 0, unknown: 0 };
  for (const finding of findings) counts[finding.status] += 1;
  return counts;
}
