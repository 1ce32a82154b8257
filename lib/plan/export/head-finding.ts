/** A finding of the plan's preflight that the reader of an exported file must know, in words. */
export type HeadFinding = {
  /** `loss` = a predicted outage that a person has acknowledged; `unknown` = a check that couldn't be read. */
  readonly kind: 'loss' | 'unknown';
  readonly text: string;
};

const titles = {
  loss: 'LOSSES that were acknowledged: clients get errors.',
  unknown: 'UNKNOWN: these checks could not be read.',
} as const;

/** Returns the findings as lines of a file's head, losses first, each without control characters. */
export function listFindingLines(findings: readonly HeadFinding[]): readonly string[] {
  return (['loss', 'unknown'] as const).flatMap((kind) => {
    const own = findings.filter((finding) => finding.kind === kind);
    if (own.length === 0) return [];
    return [
      titles[kind],
      ...own.map(({ text }) => `  - ${text.replace(/[\p{C}\u2028\u2029]+/gu, ' ').trim()}`),
    ];
  });
}

/** Returns whether a file must not take effect before its user accepts losses. */
export function hasLoss(findings: readonly HeadFinding[]): boolean {
  return findings.some(({ kind }) => kind === 'loss');
}
