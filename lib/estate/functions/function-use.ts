import { findListener, findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate, Rule, ScfFunction } from '@/lib/estate/model';
import type { FunctionId } from './function-change';

/** A rule that calls a function. */
export type FunctionUse = Pick<Rule, 'domain' | 'url' | 'loadBalancerId' | 'listenerId'> & {
  readonly ruleId: Rule['id'];
  readonly loadBalancer: string;
  /** Such as `HTTP:80`; null = the listener could not be read. */
  readonly listener: string | null;
  readonly qualifier: string;
  readonly weight: number;
};

/** Returns the rules that call a function, in the order of the snapshot. */
export function listFunctionUses(estate: Estate, id: FunctionId): readonly FunctionUse[] {
  return usesByFunction(estate).get(toKey(id)) ?? [];
}

function toKey({ region, namespace, name }: FunctionId): string {
  return `${region}/${namespace}/${name}`;
}

function usesByFunction(estate: Estate): ReadonlyMap<string, readonly FunctionUse[]> {
  const uses = new Map<string, FunctionUse[]>();
  for (const { id: ruleId, domain, url, loadBalancerId, listenerId, functions } of estate.rules) {
    if (functions.length === 0) continue;
    const balancer = findLoadBalancer(estate, loadBalancerId);
    if (balancer === undefined) continue;
    const found = findListener(estate, loadBalancerId, listenerId);
    const listener = found === undefined ? null : `${found.protocol}:${found.port}`;
    for (const { namespace, name, qualifier, weight } of functions) {
      const key = toKey({ region: balancer.region, namespace, name });
      const use = {
        ruleId,
        domain,
        url,
        loadBalancerId,
        listenerId,
        loadBalancer: balancer.name,
        listener,
        qualifier,
        weight,
      };
      uses.set(key, [...(uses.get(key) ?? []), use]);
    }
  }
  return uses;
}

/** A function as a list shows it; null = that part could not be read. */
export type FunctionSummary = Pick<
  ScfFunction,
  'region' | 'namespace' | 'name' | 'type' | 'runtime' | 'status' | 'memoryMb' | 'timeoutS' | 'modifiedAt'
> & {
  /** Published versions, without `$LATEST`. */
  readonly versionCount: number;
  readonly aliasCount: number | null;
  /** Warm instances of all its versions. */
  readonly provisioned: { readonly allocated: number; readonly available: number } | null;
  readonly ruleCount: number;
  /** Triggers besides those of load balancers. */
  readonly otherTriggerCount: number | null;
};

/** Returns every function of an estate with its use, by region, namespace and name. */
export function summarizeFunctions(estate: Estate): readonly FunctionSummary[] {
  const uses = usesByFunction(estate);
  return estate.functions
    .map((fn): FunctionSummary => {
      const { region, namespace, name, type, runtime, status, memoryMb, timeoutS, modifiedAt } = fn;
      return {
        region,
        namespace,
        name,
        type,
        runtime,
        status,
        memoryMb,
        timeoutS,
        modifiedAt,
        versionCount: fn.versions.filter((version) => version !== '$LATEST').length,
        aliasCount: fn.aliases?.length ?? null,
        provisioned:
          fn.provisioned === null
            ? null
            : {
                allocated: fn.provisioned.reduce((sum, { allocated }) => sum + allocated, 0),
                available: fn.provisioned.reduce((sum, { available }) => sum + available, 0),
              },
        ruleCount: uses.get(toKey(fn))?.length ?? 0,
        otherTriggerCount: fn.triggers?.filter(({ kind }) => kind !== 'clb').length ?? null,
      };
    })
    .toSorted((a, b) => (toKey(a) < toKey(b) ? -1 : 1));
}
