import type { FunctionRoute } from '@/lib/diversion/route';
import { burstPerMinute, peakShareMost } from '@/lib/estate/facts/limits';
import { usesFunction } from '@/lib/estate/functions/called-version';
import { getConcurrencyLimit } from '@/lib/estate/functions/concurrency-limit';
import { findFunction } from '@/lib/estate/look-up';
import type { ScfFunction } from '@/lib/estate/model';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { createFindings } from '@/lib/preflight/model/finding';
import { isLedTo } from '@/lib/preflight/model/led-to';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes } from '@/lib/preflight/model/routes';

const { pass, warn, block, unknown, outage } = createFindings(
  'peak-concurrency',
  'https://www.tencentcloud.com/document/product/583/37040',
);

/**
 * Returns the duration of the newest call that kept the contract, in ms, for the version in use; null = no test
 * invocation.
 */
function measuredMs({ conditions }: CheckInput, fn: ScfFunction, qualifier: string): number | null {
  const version = usesFunction(fn, qualifier);
  const newest = conditions.testInvocations
    .filter(
      (testInvocation) =>
        testInvocation.connectionId === fn.connectionId &&
        testInvocation.region === fn.region &&
        testInvocation.namespace === fn.namespace &&
        testInvocation.name === fn.name &&
        testInvocation.version === version &&
        testInvocation.verdict.kind === 'kept',
    )
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0];
  return newest?.durationMs ?? null;
}

/** Returns the instances that are ready at T0. */
function getWarmInstances({ route }: ResolvedRoute<FunctionRoute>, fn: ScfFunction): number {
  const version = usesFunction(fn, route.function.qualifier);
  const now = fn.provisioned?.find(({ qualifier }) => qualifier === version)?.allocated ?? 0;
  return Math.max(now, route.provisioned ?? 0);
}

function concurrencyFinding(
  input: CheckInput,
  resolved: ResolvedRoute<FunctionRoute>,
  peak: number,
): Finding | null {
  const fn = findFunction(input.estate, resolved.route.function);
  if (fn === undefined) return null;
  const name = `${fn.namespace}/${fn.name}`;
  const field = 'expectedPeakRps' as const;
  const measured = measuredMs(input, fn, resolved.route.function.qualifier);
  const ms = Math.max(1, Math.round(measured ?? fn.timeoutS * 1000));
  const instances = Math.ceil((peak * ms) / 1000);
  const needMb = instances * fn.memoryMb;
  const limitMb = getConcurrencyLimit(input.estate, fn);
  const values = { function: name, peak, ms, instances, memory: fn.memoryMb, needMb, limitMb: limitMb ?? 0 };
  const found = { field, objects: [name], values };
  if (limitMb === null) return unknown({ ...found, why: 'unread' });
  const percent = limitMb === 0 ? 100 : Math.round((needMb / limitMb) * 100);
  const of = { ...found, values: { ...values, percent } };
  if (measured === null) {
    return needMb > limitMb ? unknown({ ...of, why: 'unmeasured' }) : pass({ ...of, why: 'atMost' });
  }
  if (needMb > limitMb) return block({ ...of, why: 'beyond' });
  const cold = instances - getWarmInstances(resolved, fn);
  if (cold > burstPerMinute) {
    const minutes = Math.ceil(cold / burstPerMinute);
    const lost = { domain: resolved.hostName, loss: `${name} ${peak} req/s` };
    const burst = { ...of.values, cold, minutes, most: burstPerMinute };
    return outage({ ...of, ...lost, why: 'burst', values: burst });
  }
  return needMb > limitMb * peakShareMost ? warn({ ...of, why: 'close' }) : pass({ ...of, why: 'pass' });
}

/**
 * Checks that each function that traffic moves to has the concurrency for the expected peak: requests per second ×
 * seconds of a call × memory, compared with its reservation or the rest of its region. The full peak is assumed to
 * reach each of them. The call duration comes from the test invocation; without one, the timeout is the upper bound,
 * and it never blocks.
 */
export const checkPeakConcurrency: Check = (input) => {
  const { expectedPeakRps: peak } = input.diversion;
  // An invalid number of requests is rejected elsewhere.
  if (peak === null || !(peak > 0)) return [pass({ field: 'expectedPeakRps', objects: [], why: 'notSet' })];
  const functions = new Map(
    listFunctionRoutes(input)
      .filter((resolved) => isLedTo(input, resolved))
      .map((resolved) => [JSON.stringify(resolved.route.function), resolved]),
  );
  return [...functions.values()].flatMap((resolved) => concurrencyFinding(input, resolved, peak) ?? []);
};
