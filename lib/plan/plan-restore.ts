import type { Diversion } from '@/lib/diversion/diversion';
import {
  findFunction,
  findListener,
  findLoadBalancer,
  getHostName,
  listAddressRecords,
  ruleAt,
} from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import type { ObjectRef, ProvisionedRef, RuleRef } from '@/lib/estate/object';
import { invariant } from '@/lib/invariant';
import { err, ok, type Result } from '@/lib/result';
import { inverseSteps } from './diff/inverse';
import { numbered } from './diff/numbered';
import { orderChanges } from './diff/order';
import { setProvisioned } from './model/calls';
import type { PlannedChange } from './model/change';
import { listFingerprints } from './model/fingerprints';
import type { Durations } from './model/forecast';
import { probeWithinMs } from './model/forecast';
import { movedRoutes } from './model/measured-routes';
import type { OriginalTtl, Plan, Restore } from './model/model';
import { resolveDiversion } from './model/resolve-route';
import { ruleCertificate } from './model/rule-certificate';
import { withOriginalTtls } from './model/set-changes';
import { restoreProofs } from './restore/restore-proofs';
import { restoreRecords } from './restore/restore-records';
import { restoreRule } from './restore/restore-rule';

/** The reason why a plan can't restore an object: a message key below `drift.cannot`. */
export type RestoreProblem = {
  readonly object: ObjectRef;
  readonly reason: 'placeGone' | 'recreated' | 'absent' | 'extraRecord' | 'stuck';
};

type RestoreInput = {
  readonly estate: Estate;
  readonly diversion: Diversion;
  readonly restores: readonly Restore[];
  readonly keepAliveS: number;
  readonly durations?: Durations;
  readonly originalTtls?: readonly OriginalTtl[] | undefined;
};

type Restored = Result<readonly PlannedChange[], RestoreProblem['reason']>;

function restoreProvisioned(estate: Estate, ref: ProvisionedRef, instances: number, key: string): Restored {
  const fn = findFunction(estate, ref);
  if (fn === undefined || !fn.versions.includes(ref.qualifier)) return err('placeGone');
  const now = fn.provisioned?.find(({ qualifier }) => qualifier === ref.qualifier)?.allocated ?? 0;
  const { kind: _kind, ...place } = ref;
  const probe = { kind: 'ready', ...place, expect: { instances } } as const;
  const set: PlannedChange = {
    kind: 'write',
    key,
    phase: 'prewarm',
    needs: [],
    object: ref,
    call: setProvisioned(ref, instances),
    inverse: setProvisioned(ref, now),
    before: { kind: 'provisioned', instances: now },
    after: { kind: 'provisioned', instances },
  };
  const withinMs = probeWithinMs(probe, 0);
  const ready: PlannedChange = {
    kind: 'probe',
    key: `${key}.ready`,
    phase: 'prewarm',
    needs: [key],
    probe,
    withinMs,
  };
  return ok(instances > now ? [set, ready] : [set]);
}

/** Returns the certificate for a rule's domain, if the restore must create the domain again. */
function findCertificateId(
  estate: Estate,
  diversion: Diversion,
  { domain, listenerId }: RuleRef,
): string | null {
  const resolved = resolveDiversion(estate, diversion);
  if (!resolved.ok) return null;
  const all = resolved.value.resolved;
  const route = all.find(({ hostName, listener }) => hostName === domain && listener.id === listenerId);
  return route === undefined ? null : ruleCertificate(estate, all, route);
}

/** Returns the writes that restore one object; records need the other restored objects. */
function restoreOne(
  { object, state }: Restore,
  key: string,
  needs: readonly string[],
  { estate, diversion, originalTtls = [] }: RestoreInput,
): Restored {
  if (object.kind === 'provisioned' && state.kind === 'provisioned')
    return restoreProvisioned(estate, object, state.instances, key);
  if (object.kind === 'recordSet' && state.kind === 'recordSet') {
    // A run has ended with the lowered TTL: nothing else would ever restore the original one.
    const wanted = withOriginalTtls(object, state, originalTtls);
    if (!estate.zones.some(({ name }) => name === object.zone)) return err('placeGone');
    const records = listAddressRecords(estate, getHostName(object)).filter(
      ({ zone, lineId }) => zone === object.zone && lineId === object.lineId,
    );
    return restoreRecords(object, records, wanted, { key, needs });
  }
  if (object.kind === 'rule' && state.kind === 'rule') {
    if (!state.exists) return err('absent');
    const { loadBalancerId, listenerId } = object;
    const isThere =
      findLoadBalancer(estate, loadBalancerId) && findListener(estate, loadBalancerId, listenerId);
    if (!isThere) return err('placeGone');
    const certificateId = findCertificateId(estate, diversion, object);
    return ok(restoreRule(object, ruleAt(estate, object), state, key, certificateId));
  }
  return err('recreated');
}

/**
 * Plans the restore of objects to earlier states, with the rollback to their current states, and the probes that the
 * routes of the diversion work. Pure: the same inputs give the same plan.
 * @param input.diversion the diversion of the plan that left them in these states
 * @param input.keepAliveS the time for which clients may keep a connection open, in seconds
 * @param input.originalTtls the TTLs that earlier runs have lowered: they are restored instead of the lowered ones
 * @returns the plan, or each object that no plan can restore, with the reason
 */
export function planRestore(input: RestoreInput): Result<Plan, readonly RestoreProblem[]> {
  const { estate, diversion, restores, keepAliveS, originalTtls = [], durations = {} } = input;
  const keyed = restores.map((restore, nth) => ({ restore, key: `o${nth + 1}` }));
  const isName = ({ object }: Restore) => object.kind === 'recordSet';
  const problems: RestoreProblem[] = [];
  const changesFor = (some: typeof keyed, needs: readonly string[]) =>
    some.flatMap(({ restore, key }) => {
      const made = restoreOne(restore, key, needs, input);
      if (made.ok) return made.value;
      problems.push({ object: restore.object, reason: made.error });
      return [];
    });
  const places = changesFor(
    keyed.filter(({ restore }) => !isName(restore)),
    [],
  );
  const proofs = restoreProofs(estate, diversion, restores, places);
  const early = [...places, ...proofs.before];
  const names = changesFor(
    keyed.filter(({ restore }) => isName(restore)),
    early.map(({ key }) => key),
  );
  if (problems.length > 0) return err(problems);
  const ordered = orderChanges([...early, ...names, ...proofs.after([...places, ...names])]);
  invariant(ordered.ok, 'the planner declared needs that wait for each other');
  const steps = numbered(ordered.value, durations);
  const resolved = resolveDiversion(estate, diversion);
  return ok({
    diversion,
    restores,
    ...(originalTtls.length === 0 ? {} : { originalTtls }),
    connectionId: estate.connectionId,
    estateTakenAt: estate.takenAt,
    ...(resolved.ok ? { routes: movedRoutes(diversion, resolved.value.resolved) } : {}),
    fingerprints: listFingerprints(steps),
    steps,
    rollback: inverseSteps(steps, keepAliveS, durations),
  });
}
