import { z } from 'zod';
import { type AssumptionName, Assumptions, assumptions } from '@/lib/sandbox/world/assumptions';
import type { CertifyProbe, Seen } from './probe';

/**
 * The verdict of a run on one assumption: `same` and `different` compare what was seen with what the sandbox assumes;
 * `unknown` was tried without a result; `skipped` was not tried in this run; `unanswerable` can't be tried by this
 * command.
 */
const Verdict = z.enum(['same', 'different', 'unknown', 'skipped', 'unanswerable']);
type Verdict = z.infer<typeof Verdict>;

const Entry = z.strictObject({
  assumption: z.string(),
  about: z.string(),
  expected: z.union([z.string(), z.number()]),
  seen: z.union([z.string(), z.number()]).nullable(),
  verdict: Verdict,
  /** The evidence, or the reason why it is missing. */
  evidence: z.string(),
});
export type Entry = z.infer<typeof Entry>;

/** The report file of a run; it contains no keys and no request bodies. */
export const Report = z.strictObject({
  format: z.literal(1),
  startedAt: z.iso.datetime(),
  accountId: z.string(),
  region: z.string(),
  /** True if write probes ran. */
  wrote: z.boolean(),
  entries: z.array(Entry).max(1000),
  /** Resources that could not be removed. */
  left: z.array(z.string()),
});
export type Report = z.infer<typeof Report>;

/** Returns by how much a number that a probe sees may differ from the assumed one. */
export function getTolerance(probe: CertifyProbe): number {
  return probe.mode === 'none' ? 0 : (probe.tolerance ?? 0);
}

/** Compares what a probe saw with what the sandbox assumes. */
export function judgeProbe(name: AssumptionName, probe: CertifyProbe, seen: Seen): Entry {
  const row = assumptions[name];
  const base = { assumption: name, about: row.about, expected: row.value };
  if (seen.kind === 'unknown') return { ...base, seen: null, verdict: 'unknown', evidence: seen.why };
  const tolerance = getTolerance(probe);
  const isSame =
    typeof row.value === 'number' && typeof seen.value === 'number'
      ? Math.abs(row.value - seen.value) <= tolerance
      : row.value === seen.value;
  return { ...base, seen: seen.value, verdict: isSame ? 'same' : 'different', evidence: seen.evidence };
}

/** Returns the entry of a probe that was not run. */
export function notRun(name: AssumptionName, verdict: 'skipped' | 'unanswerable', why: string): Entry {
  const row = assumptions[name];
  return { assumption: name, about: row.about, expected: row.value, seen: null, verdict, evidence: why };
}

/**
 * Returns the assumptions that a report changes in the sandbox: the values that differ and that its switches can take.
 * @returns values by assumption, and a line for each value that no switch has
 */
export function loadable(report: Report): {
  readonly values: Readonly<Record<string, string | number>>;
  readonly problems: readonly string[];
} {
  const checked = new Assumptions();
  const values: Record<string, string | number> = {};
  const problems: string[] = [];
  for (const { assumption, seen, verdict } of report.entries) {
    if (verdict !== 'different' || seen === null) continue;
    const problem = checked.set(assumption, seen);
    if (problem === null) values[assumption] = seen;
    else
      problems.push(`${assumption}: the cloud does ${seen}, which the sandbox can't be set to. ${problem}`);
  }
  return { values, problems };
}

const words: Readonly<Record<Verdict, string>> = {
  same: 'as assumed',
  different: 'DIFFERENT',
  unknown: 'unknown',
  skipped: 'not run',
  unanswerable: 'no probe',
};

/**
 * Describes an entry in one line (assumption, expected, seen, verdict) with the evidence below it.
 * @param tolerance of its probe: a number within it is as assumed, which the line says
 */
export function describeEntry(
  { assumption, expected, seen, verdict, evidence }: Entry,
  tolerance: number,
): string {
  const range = typeof expected === 'number' && tolerance > 0 ? ` ± ${tolerance}` : '';
  const found = seen === null ? '' : `, seen ${seen}`;
  return `${words[verdict].padEnd(10)}  ${assumption}: expected ${expected}${range}${found}\n            ${evidence}`;
}

/** Returns the last line of a run: the number of entries with each verdict. */
export function summarizeReport(entries: readonly Entry[]): string {
  const count = (verdict: Verdict) => entries.filter((entry) => entry.verdict === verdict).length;
  return Verdict.options.map((verdict) => `${count(verdict)} ${words[verdict].toLowerCase()}`).join(', ');
}
