import { findPlanName } from '../model/dns/plans';
import {
  account,
  certificate,
  instance,
  listener,
  loadBalancer,
  oneWay,
  scfFunction,
  seedRule,
  seedZone,
} from '../seeds/parts';
import type { WorldCertificate } from '../world/access';
import type { WorldLoadBalancer, WorldRule } from '../world/clb';
import type { WorldZone } from '../world/dnspod';
import type { WorldEffect } from '../world/effect';
import { pickSettings } from '../world/function-settings';
import type { WorldFunction } from '../world/scf';
import type { WorldTask } from '../world/task';
import type { AccountWorld, World } from '../world/world';
import type {
  AccountFormat1,
  EffectFormat1,
  LoadBalancerFormat1,
  RuleFormat1,
  WorldFormat1,
} from './world-format-1';

/** Upgrades data of the first release to the current format: new fields get their defaults. */
export function upgradeWorld(old: WorldFormat1): World {
  const { seed, nextId } = old;
  const accounts = Object.entries(old.accounts).map(([uin, each]) => [uin, upgradeAccount(each)] as const);
  return { format: 3, seed, nextId, accounts: Object.fromEntries(accounts) };
}

function upgradeAccount(old: AccountFormat1): AccountWorld {
  const { loadBalancers, instances, functions, zones, tasks, uin, name, appId, networkAccountType } = old;
  const itself = { uin, name, appId, networkAccountType };
  const made = account(itself, {
    loadBalancers: Object.values(loadBalancers).map(upgradeLoadBalancer),
    instances: Object.values(instances).map(instance),
    functions: Object.values(functions).map(upgradeFunction),
    zones: Object.values(zones).map(upgradeZone),
    certificates: collectCertificates(Object.values(loadBalancers)),
  });
  const upgraded = Object.values(tasks).map((task): [string, WorldTask] => {
    const { loadBalancerId, fault, effect, ...rest } = task;
    const given = {
      loadBalancerIds: [loadBalancerId],
      effect: upgradeEffect(loadBalancerId, effect),
      fault: fault === null ? null : ({ kind: 'fails', message: fault } as const),
    };
    return [task.id, { ...rest, ...given }];
  });
  return { ...made, tasks: Object.fromEntries(upgraded) };
}

function upgradeLoadBalancer(old: LoadBalancerFormat1): WorldLoadBalancer {
  const listeners = old.listeners.map(({ certificateId, rules, ...rest }) =>
    listener({
      ...rest,
      certificate: certificateId === null ? null : oneWay(certificateId),
      rules: rules.map(upgradeRule),
    }),
  );
  return loadBalancer({ ...old, listeners });
}

function upgradeRule({ redirectTo, ...rest }: RuleFormat1): WorldRule {
  return seedRule({ ...rest, redirectTo: redirectTo && { ...redirectTo, takeUrl: true, kind: 'Manual' } });
}

function upgradeEffect(loadBalancerId: string, old: EffectFormat1): WorldEffect {
  return old.kind === 'createRules'
    ? { ...old, loadBalancerId, rules: old.rules.map(upgradeRule) }
    : { ...old, loadBalancerId };
}

/** Gives a version the settings of its function, except those that it stores itself. */
function upgradeFunction({ versions, ...rest }: AccountFormat1['functions'][string]): WorldFunction {
  const made = scfFunction(rest);
  const lastVersion = Math.max(0, ...versions.map(({ version }) => Number(version)));
  const settings = pickSettings(made);
  return { ...made, lastVersion, versions: versions.map((version) => ({ ...settings, ...version })) };
}

/** Upgrades a zone. A plan with another name, which no seed of that release had, becomes the largest one. */
function upgradeZone({ grade, records, ...rest }: AccountFormat1['zones'][string]): WorldZone {
  const plan = findPlanName(grade) ?? 'DP_ULTRA';
  const made = seedZone({ ...rest, grade: plan, records: [] });
  return { ...made, records: records.map((record) => ({ ...record, indexedAt: record.updatedAt })) };
}

const yearMs = 365 * 86_400_000;

/**
 * Creates the certificates that listeners named but that were stored nowhere: each gets the names of the rules that it
 * serves.
 */
function collectCertificates(loadBalancers: readonly LoadBalancerFormat1[]): WorldCertificate[] {
  const listeners = loadBalancers.flatMap((each) => each.listeners);
  const ids = new Set(listeners.map((each) => each.certificateId).filter((id) => id !== null));
  return [...ids].map((id) => {
    const users = listeners.filter((each) => each.certificateId === id);
    const [domain = '', ...furtherDomains] = new Set(
      users.flatMap((each) => each.rules).map((each) => each.domain),
    );
    const issuedAt = Math.min(...users.map((each) => each.createdAt));
    return certificate({
      id,
      alias: id,
      domain,
      furtherDomains,
      issuedAt,
      expiresAt: issuedAt + 10 * yearMs,
    });
  });
}
