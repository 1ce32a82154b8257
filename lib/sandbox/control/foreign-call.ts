import { err, ok, type Result } from '@/lib/result';
import type { ForeignEditFault } from '@/lib/sandbox/world/fault-spec';
import type { ApiCall, PerformDeps } from '../api/action-context';
import { recordAudit } from '../api/audit';
import { perform } from '../api/perform';
import { checkShape } from '../api/validate';
import { ApiError } from '../model/api-error';
import type { ApiRoute, ServiceName } from '../model/dispatch';
import { resolveRegion } from '../model/region-table';
import type { WorldUser } from '../world/access';
import served from '../world/served-actions.json';
import type { AccountWorld } from '../world/world';
import type { Caller, WorldStore } from '../world/world-store';

type Checked = { readonly caller: Caller; readonly route: ApiRoute; readonly region: string };

function isService(name: string): name is ServiceName {
  return Object.hasOwn(served, name);
}

/**
 * Checks that another actor's call is possible: its account exists, its action is served, and its region and request
 * have the right shape.
 * @returns the input of `makeInsideCall`, or why it isn't possible
 */
export function checkForeignCall(spec: ForeignEditFault, store: WorldStore): Result<Checked, string> {
  const { service, action, region, params } = spec.call;
  const accounts = Object.values(store.world.accounts);
  const account = accounts.find(({ uin }) => spec.account === undefined || spec.account === uin);
  if (!account) return err(`account: no account has the UIN ${spec.account}`);
  if (!isService(service)) return err(`call.service: there is no ${service}`);
  if (!served[service].actions.includes(action))
    return err(`call.action: the service ${service} has no ${action}`);
  const route = { service, action };
  const user = account.users[spec.user] ?? createForeignUser(spec.user);
  try {
    checkShape(route, params);
    return ok({ caller: { account, user, secretKey: '' }, route, region: resolveRegion(route, region) });
  } catch (error) {
    if (error instanceof ApiError) return err(`call: ${error.message}`);
    throw error;
  }
}

function createForeignUser(name: string): WorldUser {
  return { name, uin: '200000000001', policyIds: [], createdAt: 0 };
}

/** Records in the audit trail that an owner has restored its object. */
export function auditOwner(
  account: AccountWorld,
  owner: string,
  object: string,
  requestId: string,
  at: number,
): void {
  const isBalancer = Object.hasOwn(account.loadBalancers, object);
  const route: ApiRoute = isBalancer
    ? { service: 'clb', action: 'ModifyListener' }
    : { service: 'dnspod', action: 'ModifyRecord' };
  const request = isBalancer ? { LoadBalancerId: object } : { Domain: object };
  const region = account.loadBalancers[object]?.region ?? '';
  const call = { ...route, at, region, requestId, sourceIp: '127.0.0.1', errorCode: '' };
  recordAudit({ account, user: createForeignUser(owner), secretKey: '' }, call, request, {});
}

/**
 * Performs another actor's call, as the API would: checked, audited under that user's name, with its effects.
 * @returns '' if it was accepted, else the error's code
 */
export async function makeForeignCall(
  spec: ForeignEditFault,
  requestId: string,
  deps: PerformDeps & { readonly clock: { now(): number } },
): Promise<string> {
  const checked = checkForeignCall(spec, deps.store);
  if (!checked.ok) return checked.error;
  const call: ApiCall = {
    ...checked.value,
    requestId,
    language: 'en',
    now: deps.clock.now(),
    sourceIp: '127.0.0.1',
    trusted: true,
    changesNothing: false,
  };
  try {
    await perform(structuredClone(spec.call.params), call, deps);
    return '';
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
}

const recheckMs = 1000;

/**
 * Returns until when running tasks keep the load balancer of another actor's call busy; null = it is free, or the call
 * names none.
 */
export function busyUntil(spec: ForeignEditFault, store: WorldStore, now: number): number | null {
  const { LoadBalancerId: one, LoadBalancerIds: several } = spec.call.params;
  const ids = [one, several].flat();
  const tasks = Object.values(store.world.accounts).flatMap((account) => Object.values(account.tasks));
  const ends = tasks
    .filter((task) => task.outcome === 'running' && task.loadBalancerIds.some((id) => ids.includes(id)))
    .map((task) => task.endsAt ?? now + recheckMs);
  return ends.length === 0 ? null : Math.max(...ends);
}
