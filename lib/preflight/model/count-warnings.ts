import type { Finding } from './model';

/** Returns the number of findings that are no pass: warnings, blocks, also acknowledged ones, and what is unknown. */
export function countWarnings(findings: readonly Finding[]): number {
  return findings.filter(({ status }) => status !== 'pass').length;
}
