import { getHostName } from '@/lib/estate/look-up';
import type { RecordSetState } from '@/lib/estate/object';
import type { WriteStep } from '@/lib/plan/model/model';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, CheckInput } from '@/lib/preflight/model/model';
import { type WrittenSet, writtenSets } from '@/lib/preflight/model/record-sets';
import { routeFieldName } from '@/lib/preflight/model/routes';

const { pass, block } = createFindings('dns-answers', 'https://www.rfc-editor.org/rfc/rfc2308');

/** Returns whether clients get an answer: by IPv4 if there was one before, otherwise by any record. */
function answers({ records }: RecordSetState, byIpv4: boolean): boolean {
  return records.some(({ enabled, type }) => enabled && (!byIpv4 || type !== 'AAAA'));
}

/**
 * Returns the write after which a line that had an answer before the plan has none; undefined = it always has one.
 * @param before the state before the plan: where the apply begins, and the rollback ends
 */
function silencing({ writes, states }: WrittenSet, before: RecordSetState | undefined) {
  if (before === undefined || !answers(before, false)) return undefined;
  const byIpv4 = answers(before, true);
  return writes.find((_, index) => {
    const after = states[index + 1];
    return after !== undefined && !answers(after, byIpv4);
  });
}

function found({ routes }: CheckInput, { ref }: WrittenSet, step: WriteStep) {
  const domain = getHostName(ref);
  const route = routes.find(({ hostName }) => hostName === domain);
  const field = route === undefined ? null : routeFieldName(route, 'domain');
  return { field, objects: [domain], values: { domain, line: ref.line, step: step.id } };
}

/**
 * Checks that a name keeps answering: after each write of apply and rollback, each line that had an enabled record
 * still has one. Otherwise clients reach neither side for as long as resolvers cache the empty answer.
 */
export const checkDnsAnswers: Check = (input) => {
  const there = writtenSets(input.steps).flatMap((set) => {
    const step = silencing(set, set.states[0]);
    return step === undefined ? [] : [block({ ...found(input, set, step), why: 'apply' })];
  });
  const back = writtenSets(input.rollback).flatMap((set) => {
    const step = silencing(set, set.states.at(-1));
    return step === undefined ? [] : [block({ ...found(input, set, step), why: 'rollback' })];
  });
  const findings = [...there, ...back];
  if (findings.length > 0) return findings;
  const count = new Set(writtenSets(input.steps).map(({ ref }) => getHostName(ref))).size;
  return [pass({ field: null, objects: [], why: 'pass', values: { count } })];
};
