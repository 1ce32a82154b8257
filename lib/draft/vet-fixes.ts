import type { Finding, Fix } from '@/lib/preflight/model/model';
import { stops } from '@/lib/preflight/model/stops';

/** Fixes beyond this are not offered. */
export const triedMax = 6;

type Patch = NonNullable<Fix['patch']>;

/** A finding of a plan, or of a field. */
type AnyFinding = Omit<Finding, 'field'>;

const isWrong = ({ status }: Pick<Finding, 'status'>) => status !== 'pass';

function countReasons(findings: readonly AnyFinding[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { why } of findings.filter(isWrong)) counts.set(why, (counts.get(why) ?? 0) + 1);
  return counts;
}

/**
 * Returns whether findings have a reason that was not there before, or the same one of another object in addition. A
 * fix of what stops the plan may bring a warning with it, such as about the object that it chooses instead; that stays
 * visible.
 */
function hasNewReason(own: AnyFinding, before: readonly AnyFinding[], after: readonly AnyFinding[]): boolean {
  const earlier = countReasons(before);
  const later = countReasons(after);
  const reason = ({ why, objects }: AnyFinding) => `${why} ${objects.join()}`;
  const known = new Set(before.filter(isWrong).map(reason));
  return after
    .filter((each) => isWrong(each) && (stops(each) || !stops(own)))
    .some((each) => !known.has(reason(each)) && (later.get(each.why) ?? 0) > (earlier.get(each.why) ?? 0));
}

/**
 * Returns the findings without the fixes that don't clear their own finding, or would create another one as severe.
 * Each fix is tried once, up to a limit, because a trial is a whole preflight.
 * @param tryFix returns the findings after a fix; null = it can't be tried
 * @param before the findings that those of a trial are compared with
 */
export async function vetFixes<F extends AnyFinding>(
  findings: readonly F[],
  tryFix: (patch: Patch) => Promise<readonly AnyFinding[] | null>,
  before: readonly AnyFinding[] = findings,
): Promise<readonly F[]> {
  const counts = countReasons(before);
  const tried = new Map<string, readonly AnyFinding[] | null>();
  const isGood = async (finding: F, patch: Patch) => {
    const key = JSON.stringify(patch);
    if (!tried.has(key) && tried.size >= triedMax) return false;
    if (!tried.has(key)) tried.set(key, await tryFix(patch));
    const after = tried.get(key) ?? null;
    if (after === null) return false;
    const isCleared = (countReasons(after).get(finding.why) ?? 0) < (counts.get(finding.why) ?? 0);
    return isCleared && !hasNewReason(finding, before, after);
  };
  const vetted: F[] = [];
  for (const finding of findings) {
    const patch = finding.fix?.patch ?? null;
    const isOffered = patch === null || !isWrong(finding) || (await isGood(finding, patch));
    vetted.push(isOffered ? finding : { ...finding, fix: null });
  }
  return vetted;
}
