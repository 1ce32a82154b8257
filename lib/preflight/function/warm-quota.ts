import { peakShareMost } from '@/lib/estate/facts/limits';
import { freeReservedMb, freeSharedMb } from '@/lib/estate/functions/warm-memory';
import { findFunction } from '@/lib/estate/look-up';
import type { ScfFunction } from '@/lib/estate/model';
import type { ProvisionedRef } from '@/lib/estate/object';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName } from '@/lib/preflight/model/routes';

const { pass, warn, block, unknown } = createFindings(
  'warm-quota',
  'https://tencentcloud.com/document/product/583/39464',
);

/** Instances of a version that the plan starts, beyond the existing ones. */
type Started = { readonly ref: ProvisionedRef; readonly fn: ScfFunction; readonly count: number };

function startedBy({ steps, estate }: CheckInput): readonly Started[] {
  return steps.flatMap((step): readonly Started[] => {
    if (step.kind !== 'write' || step.object.kind !== 'provisioned') return [];
    if (step.before.kind !== 'provisioned' || step.after.kind !== 'provisioned') return [];
    const fn = findFunction(estate, step.object);
    const count = step.after.instances - step.before.instances;
    return fn === undefined ? [] : [{ ref: step.object, fn, count }];
  });
}

/** Returns the finding for a memory need in MB compared with the available amount; null = unknown. */
function judged(needMb: number, haveMb: number | null, found: Parameters<typeof pass>[0]): Finding {
  if (haveMb === null) return unknown({ ...found, why: 'unread' });
  const values = { ...found.values, needMb, haveMb };
  if (needMb > haveMb) return block({ ...found, why: 'beyond', values });
  return needMb > haveMb * peakShareMost
    ? warn({ ...found, why: 'close', values })
    : pass({ ...found, why: 'pass', values });
}

/**
 * Checks that warm instances fit: inside their function's reservation, or in the rest of their region, together with
 * everything that the plan starts there. Warm instances use memory whether they are called or not, and the cloud starts
 * none beyond the limit.
 */
export const checkWarmQuota: Check = (input) => {
  const { estate } = input;
  const started = startedBy(input);
  const fieldFor = ({ ref }: Started) => {
    const route = listFunctionRoutes(input).find(
      ({ route: { function: fn } }) =>
        fn.region === ref.region && fn.namespace === ref.namespace && fn.name === ref.name,
    );
    return route === undefined ? null : routeFieldName(route, 'provisioned');
  };
  return started.map((each): Finding => {
    const { fn, ref, count } = each;
    const name = `${fn.namespace}/${fn.name}`;
    const values = { function: name, region: fn.region, count };
    const found = { field: fieldFor(each), objects: [`${name}:${ref.qualifier}`], why: '', values };
    if (fn.reservedMb === null) return unknown({ ...found, why: 'unread' });
    const isOwn = typeof fn.reservedMb === 'number';
    const beside = started.filter((other) =>
      isOwn
        ? other.fn === fn
        : other.fn.connectionId === fn.connectionId &&
          other.fn.region === fn.region &&
          other.fn.reservedMb === 'none',
    );
    const needMb = beside.reduce((sum, other) => sum + other.count * other.fn.memoryMb, 0);
    return judged(needMb, isOwn ? freeReservedMb(fn) : freeSharedMb(estate, fn), found);
  });
};
