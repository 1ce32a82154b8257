import type { FunctionChoice, FunctionRoute } from '@/lib/diversion/route';
import { readTimeoutDefaultS } from '@/lib/estate/facts/limits';
import { usesFunction } from '@/lib/estate/functions/called-version';
import type { TestInvocation } from '@/lib/estate/functions/test-invocation';
import { findFunction } from '@/lib/estate/look-up';
import type { ScfFunction } from '@/lib/estate/model';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { createFindings, minute, sources } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding, Fix } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName } from '@/lib/preflight/model/routes';
import { configOfRoute } from './route-config';

const { pass, warn, block, unknown, outage } = createFindings('response-contract', sources.clbTrigger);

const choiceKey = (of: FunctionChoice) =>
  `${of.connectionId ?? ''}/${of.region}/${of.namespace}/${of.name}:${of.qualifier}`;

/** Returns the newest test invocation of each version and alias. */
function newestTestInvocations({ conditions }: CheckInput): ReadonlyMap<string, TestInvocation> {
  const oldestFirst = conditions.testInvocations.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return new Map(oldestFirst.map((testInvocation) => [choiceKey(testInvocation), testInvocation]));
}

/** Returns whether the tested code is what would answer now. Code of `$LATEST` may also change back. */
function stillHolds(testInvocation: TestInvocation, fn: ScfFunction, version: string): boolean {
  if (testInvocation.version !== version) return false;
  if (version.split('+').includes('$LATEST')) return testInvocation.modifiedAt === fn.modifiedAt;
  return Date.parse(fn.modifiedAt) <= Date.parse(testInvocation.modifiedAt);
}

/** Returns the findings of a test invocation that is still valid. */
function findingsOfTestInvocation(
  testInvocation: TestInvocation,
  found: Pick<Finding, 'objects' | 'values'> & Pick<Parameters<typeof pass>[0], 'field'>,
  { waitS, domain }: { readonly waitS: number; readonly domain: string },
): readonly Finding[] {
  const { verdict, durationMs, version } = testInvocation;
  const values = { ...found.values, at: minute(testInvocation.at), ms: Math.round(durationMs) };
  if (verdict.kind === 'failed') {
    // A throttled one has not run: that shows how busy the account was, and nothing about the function.
    const stop = verdict.failure === 'throttled' ? warn : block;
    return [stop({ ...found, why: 'failed', values: { ...values, failure: verdict.failure } })];
  }
  if (verdict.kind === 'broken') {
    return verdict.faults.map((fault) => block({ ...found, why: 'broken', values: { ...values, fault } }));
  }
  const { statusCode: status } = verdict;
  if (status >= 500) return [block({ ...found, why: 'serverError', values: { ...values, status } })];
  const warnings: Finding[] = [];
  if (status >= 300) warnings.push(warn({ ...found, why: 'status', values: { ...values, status } }));
  if (durationMs > waitS * 1000) {
    const loss = `${found.values.function} ${waitS} s`;
    warnings.push(outage({ ...found, why: 'slow', values: { ...values, waitS }, domain, loss }));
  }
  if (version.includes('+')) {
    const [first = '', second = ''] = version.split('+');
    warnings.push(warn({ ...found, why: 'twoVersions', values: { ...values, first, second } }));
  }
  return warnings.length > 0 ? warnings : [pass({ ...found, why: 'pass', values: { ...values, status } })];
}

function findingsOfRoute(
  { estate }: CheckInput,
  testInvocations: ReadonlyMap<string, TestInvocation>,
  resolved: ResolvedRoute<FunctionRoute>,
): readonly Finding[] {
  const choice = resolved.route.function;
  const fn = findFunction(estate, choice);
  // The check `function-ready` reports a missing function or version.
  if (fn === undefined) return [];
  const name = `${choice.namespace}/${choice.name}:${choice.qualifier}`;
  const found = { field: routeFieldName(resolved, 'function'), objects: [name], values: { function: name } };
  const testInvocation = testInvocations.get(choiceKey(choice));
  // The editor calls functions only with the key of the diversion's own account; test invocations of all accounts
  // count.
  const { values: named } = found;
  const fix: Fix =
    fn.connectionId === undefined
      ? { label: 'testFunction', values: named, patch: null }
      : { label: 'testInItsAccount', values: named, patch: null };
  if (testInvocation === undefined) return [unknown({ ...found, why: 'untried', fix })];
  const values = { ...found.values, at: minute(testInvocation.at) };
  const version = usesFunction(fn, choice.qualifier);
  if (version === null) return fn.aliases === null ? [unknown({ ...found, why: 'alias', values })] : [];
  if (!stillHolds(testInvocation, fn, version)) return [unknown({ ...found, why: 'changed', values, fix })];
  const waitS = configOfRoute(estate, resolved)?.readTimeoutS ?? readTimeoutDefaultS;
  return findingsOfTestInvocation(testInvocation, found, { waitS, domain: resolved.hostName });
}

/**
 * Checks that each function that traffic moves to was called with the event of a load balancer's GET since its last
 * modification, and returned a response that a load balancer can pass on. A Switch back to CVM requires nothing of its
 * function.
 */
export const checkResponseContract: Check = (input) => {
  const { diversion } = input;
  if (diversion.kind === 'switch' && diversion.toward === 'cvm') return [];
  const testInvocations = newestTestInvocations(input);
  return listFunctionRoutes(input).flatMap((resolved) => findingsOfRoute(input, testInvocations, resolved));
};
