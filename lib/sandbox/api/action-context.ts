import { ApiError } from '@/lib/sandbox/model/api-error';
import type { ApiRoute } from '@/lib/sandbox/model/dispatch';
import type { Language } from '@/lib/sandbox/model/region-table';
import type { Timeline } from '@/lib/sandbox/tasks/timeline';
import type { Telemetry } from '@/lib/sandbox/telemetry/telemetry';
import type { EffectLog } from '@/lib/sandbox/world/effect-log';
import type { Faults } from '@/lib/sandbox/world/faults';
import type { Invoker } from '@/lib/sandbox/world/invoker';
import type { Caller, WorldStore } from '@/lib/sandbox/world/world-store';
import type { ActionContext } from '../services/action';
import type { Assumptions } from '../world/assumptions';
import type { WorldLoadBalancer } from '../world/clb';
import type { WorldEffect } from '../world/effect';
import type { CallFault } from '../world/fault-spec';
import type { TaskFault, WorldTask } from '../world/task';
import type { AccountWorld, World } from '../world/world';

/**
 * Builds the sandbox resources for an action. A call that must not change anything works on a copy of its account,
 * which is then discarded.
 */
export function actionContext(body: unknown, call: ApiCall, deps: PerformDeps): ActionContext {
  const { caller, region, language, requestId, now, route, changesNothing } = call;
  const { store, timeline, effects, vipNetwork, assumptions, telemetry, invoker } = deps;
  // Field by field: this runs for every call, and spreading objects has a measurable cost.
  return {
    account: changesNothing ? structuredClone(caller.account) : caller.account,
    user: caller.user,
    role: caller.role ?? null,
    region,
    language,
    requestId,
    now,
    vipNetwork,
    assumptions,
    telemetry,
    invoker,
    secretIdOf: (uin) => store.secrets.secretIdOf(uin),
    temporaryKey: (role, session, lifeS) => store.issueKey(caller.account, role, session, lifeS),
    nextId: () => store.nextId(),
    addressesInUse: () => addressesInUse(store.world),
    startTask: (loadBalancers, effect) => {
      caller.account.tasks[requestId] = startTask(loadBalancers, effect, body, call, deps);
      store.changed();
      timeline.arm();
    },
    settleLater: (fn, status) => {
      fn.status = status;
      fn.settlesAt = now + deps.taskMs();
      timeline.arm();
    },
    publishLater: (version) => {
      version.activeAt = now + deps.taskMs();
      timeline.arm();
    },
    applied: (object) => {
      if (changesNothing) return;
      effects.count(route.action, object, requestId);
      store.changed(route.service);
      // The object may have a new due time, such as that of a timer.
      timeline.arm();
    },
  };
}

function startTask(
  loadBalancers: WorldLoadBalancer | readonly WorldLoadBalancer[],
  effect: WorldEffect,
  body: unknown,
  { caller, route, requestId, now, trusted, changesNothing }: ApiCall,
  deps: PerformDeps,
): WorldTask {
  const { action } = route;
  const take = <Kind extends CallFault['kind']>(kind: Kind) =>
    trusted ? null : deps.faults.take(kind, { action, requestId, body });
  const ids = [loadBalancers].flat().map((loadBalancer) => loadBalancer.id);
  const busy = busyId(caller.account, ids);
  if (busy !== undefined) throw resourceInOperating(busy);
  refuseUnusable([loadBalancers].flat(), effect, deps.assumptions);
  refuseProtected([loadBalancers].flat());
  if (take('resourceInOperating')) throw resourceInOperating(ids[0] ?? '');
  const failure = take('taskFails');
  const endless = take('taskNeverEnds');
  const fault: TaskFault | null = changesNothing
    ? { kind: 'changesNothing' }
    : failure && { kind: 'fails', message: failure.message };
  return {
    id: requestId,
    loadBalancerIds: ids,
    action,
    startedAt: now,
    endsAt: endless ? null : now + deps.taskMs(),
    outcome: 'running',
    message: '',
    effect,
    fault,
  };
}

/**
 * Refuses writes to a load balancer under operation protection. The code is an assumption: no page documents it.
 * @throws ApiError
 */
function refuseProtected(loadBalancers: readonly WorldLoadBalancer[]): void {
  const found = loadBalancers.find(({ operationProtection }) => operationProtection !== undefined);
  if (found)
    throw new ApiError('FailedOperation', `Loadbalancer(${found.id}) is under operation protection.`);
}

function busyId(account: AccountWorld, ids: readonly string[]): string | undefined {
  for (const task of Object.values(account.tasks)) {
    if (task.outcome !== 'running') continue;
    const busy = task.loadBalancerIds.find((id) => ids.includes(id));
    if (busy !== undefined) return busy;
  }
  return undefined;
}

function resourceInOperating(id: string): ApiError {
  return new ApiError(
    'FailedOperation.ResourceInOperating',
    `Loadbalancer(${id}) is not in normal desState, maybe some tasks are being processed, please try later.`,
  );
}

/** Returns every address of a load balancer, a server or a function of any account: addresses must be unique. */
function addressesInUse(world: World): Set<string> {
  return new Set(
    Object.values(world.accounts).flatMap((account) => [
      ...Object.values(account.loadBalancers).flatMap((loadBalancer) => loadBalancer.vips),
      ...Object.values(account.instances).flatMap(({ privateIp, interfaces = [] }) => [
        privateIp,
        ...interfaces.flatMap(({ privateIps }) => privateIps),
      ]),
      ...Object.values(account.functions).flatMap((fn) =>
        [fn, ...fn.versions].flatMap(({ intranetIp }) => intranetIp ?? []),
      ),
    ]),
  );
}

/** Returns whether an effect is allowed in any state of a load balancer: creating, starting and deleting it. */
function isForAnyState(effect: WorldEffect): boolean {
  switch (effect.kind) {
    case 'createLoadBalancers':
    case 'deleteLoadBalancers':
    case 'startOrStop':
      return true;
    default:
      return false;
  }
}

/**
 * Refuses writes to a load balancer that is being created, isolated or stopped. Code and scope are assumptions: the
 * cloud's list of codes has one for a wrong state (`FailedOperation.InvalidLBStatus`), but no page documents its
 * condition.
 * @throws ApiError
 */
function refuseUnusable(
  loadBalancers: readonly WorldLoadBalancer[],
  effect: WorldEffect,
  assumptions: Assumptions,
): void {
  if (isForAnyState(effect)) return;
  const refusesStopped = assumptions.get('clb.stoppedWrites') === 'refused';
  for (const { id, status, isolated, stopped } of loadBalancers) {
    const state =
      status === 0 ? 'being created' : isolated ? 'isolated' : stopped && refusesStopped ? 'stopped' : null;
    if (state) {
      throw new ApiError(
        assumptions.get('clb.unusable'),
        `Loadbalancer(${id}) is ${state} and takes no changes.`,
      );
    }
  }
}

export type PerformDeps = {
  readonly store: WorldStore;
  readonly timeline: Timeline;
  readonly effects: EffectLog;
  readonly faults: Faults;
  readonly assumptions: Assumptions;
  readonly telemetry: Telemetry;
  readonly invoker: Invoker | null;
  readonly vipNetwork: string;
  /** The duration of tasks from now on, in ms. */
  readonly taskMs: () => number;
};

/** A call whose caller is known and whose request has the right shape. */
export type ApiCall = {
  readonly caller: Caller;
  readonly region: string;
  readonly language: Language;
  readonly requestId: string;
  /** Epoch milliseconds of the sandbox's clock. */
  readonly now: number;
  readonly route: ApiRoute;
  readonly sourceIp: string;
  /** Called from inside the sandbox: needs no policy, and no fault affects it. */
  readonly trusted: boolean;
  /** A fault: the call reports success and leaves the sandbox data unchanged. */
  readonly changesNothing: boolean;
};
