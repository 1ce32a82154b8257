import type { DescribeTargetHealthResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models.js';
import { z } from 'zod';
import { plainAddress } from '@/lib/estate/address';
import type { Listener, Rule, Target } from '@/lib/estate/model';
import { type OnOdd, readEach } from '../call/pages';
import { list, text } from './wire';

type Health = Exclude<Target['health'], null>;

/** https://cloud.tencent.com/document/api/214/30694#TargetHealth */
const healths: Readonly<Record<string, Health>> = {
  Alive: 'alive',
  Dead: 'dead',
  Unknown: 'unknown',
  Close: 'off',
};

const WireTarget = z.object({ TargetId: text, IP: text, Port: z.number().int(), HealthStatusDetail: text });

const WireHealth = z.object({
  LoadBalancers: list(
    z.object({
      Listeners: list(
        z.object({
          ListenerId: z.string(),
          Rules: list(z.object({ LocationId: text, Targets: list(z.unknown()) })),
        }),
      ),
    }),
  ),
});

/** A listener (layer 4) or a rule of it: what targets belong to. */
type HolderKey = string;
const holderKey = (listenerId: string, ruleId: string): HolderKey => `${listenerId}/${ruleId}`;

type CheckedTarget = {
  readonly instanceId: string | null;
  readonly address: string | null;
  readonly port: number;
  readonly health: Health;
};

/** The targets that the cloud checks, by their listener or rule. */
export type TargetHealths = ReadonlyMap<HolderKey, readonly CheckedTarget[]>;

function toCheckedTargets(wire: readonly z.infer<typeof WireTarget>[]): CheckedTarget[] {
  const checked: CheckedTarget[] = [];
  for (const { TargetId, IP, Port, HealthStatusDetail } of wire) {
    const health = healths[HealthStatusDetail ?? ''];
    if (health === undefined) continue;
    checked.push({ instanceId: TargetId, address: IP && plainAddress(IP), port: Port, health });
  }
  return checked;
}

/**
 * Converts the health of targets according to the cloud's checks; an invalid entry is reported and left out. A listener or
 * rule that the response names twice has the targets of both places.
 */
export function toTargetHealths(answer: DescribeTargetHealthResponse, onOdd: OnOdd): TargetHealths {
  const found = new Map<HolderKey, readonly CheckedTarget[]>();
  for (const { ListenerId, Rules } of WireHealth.parse(answer).LoadBalancers.flatMap((lb) => lb.Listeners)) {
    for (const { LocationId, Targets } of Rules) {
      const targets = readEach(WireTarget, Targets, 'TargetId', onOdd);
      const key = holderKey(ListenerId, LocationId ?? '');
      found.set(key, [...(found.get(key) ?? []), ...toCheckedTargets(targets)]);
    }
  }
  return found;
}

function findHealth({ eniIp, privateIp, instanceId, port }: Target, checked: readonly CheckedTarget[]) {
  const address = eniIp ?? privateIp;
  const find = (isIt: (target: CheckedTarget) => boolean): Health | undefined => {
    const named = checked.filter((target) => target.port === port && isIt(target));
    const found = new Set(named.map(({ health }) => health));
    // What the response says of a target must agree if it names it more than once.
    return found.size > 1 ? 'unknown' : named[0]?.health;
  };
  // The address takes precedence: a response may contain the server's id with each of its addresses.
  const byAddress = address === null ? undefined : find((target) => target.address === address);
  return byAddress ?? (instanceId ? find((target) => target.instanceId === instanceId) : undefined) ?? null;
}

/** Returns a listener or rule whose targets have their known health; null if it is unknown. */
export function withHealth<T extends Listener | Rule>(holder: T, healths: TargetHealths): T {
  const key = 'listenerId' in holder ? holderKey(holder.listenerId, holder.id) : holderKey(holder.id, '');
  const checked = healths.get(key) ?? [];
  return {
    ...holder,
    targets: holder.targets.map((target) => ({ ...target, health: findHealth(target, checked) })),
  };
}
