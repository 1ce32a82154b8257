import type { DescribeTargetHealthResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models.js';
import { z } from 'zod';
import { plainAddress } from '@/lib/estate/address';
import type { Listener, Rule, Target } from '@/lib/estate/model';
import { list, text } from './wire';

type Health = Exclude<Target['health'], null>;

/** https://cloud.tencent.com/document/api/214/30694#TargetHealth */
const healths: Readonly<Record<string, Health>> = {
  Alive: 'alive',
  Dead: 'dead',
  Unknown: 'unknown',
  Close: 'off',
};

const WireHealth = z.object({
  LoadBalancers: list(
    z.object({
      Listeners: list(
        z.object({
          ListenerId: z.string(),
          Rules: list(
            z.object({
              LocationId: text,
              Targets: list(
                z.object({ TargetId: text, IP: text, Port: z.number().int(), HealthStatusDetail: text }),
              ),
            }),
          ),
        }),
      ),
    }),
  ),
});

/**
 * The key of one target: listener, rule ('' on layer 4), and the target's identifier (its instance or its address),
 * with its port.
 */
type HealthKey = string;
const healthKey = (listenerId: string, ruleId: string, target: string, port: number): HealthKey =>
  `${listenerId}/${ruleId}/${target}:${port}`;

/** Converts the health of targets according to the cloud's checks. */
export function toTargetHealth(answer: DescribeTargetHealthResponse): ReadonlyMap<HealthKey, Health> {
  const found = new Map<HealthKey, Health>();
  for (const listener of WireHealth.parse(answer).LoadBalancers.flatMap((lb) => lb.Listeners)) {
    for (const rule of listener.Rules) {
      for (const target of rule.Targets) {
        const health = healths[target.HealthStatusDetail ?? ''];
        if (health === undefined) continue;
        for (const name of [target.TargetId, target.IP && plainAddress(target.IP)]) {
          if (name)
            found.set(healthKey(listener.ListenerId, rule.LocationId ?? '', name, target.Port), health);
        }
      }
    }
  }
  return found;
}

/** Returns the targets of a listener or rule with their known health; null if it is unknown. */
export function withHealth<T extends Listener | Rule>(holder: T, health: ReadonlyMap<HealthKey, Health>): T {
  const [listenerId, ruleId] = 'listenerId' in holder ? [holder.listenerId, holder.id] : [holder.id, ''];
  const of = (name: string | null, port: number) =>
    name === null ? undefined : health.get(healthKey(listenerId, ruleId, name, port));
  const targets = holder.targets.map((target) => ({
    ...target,
    // The address takes precedence: a response may contain the server's id with each of its addresses.
    health:
      of(target.eniIp ?? target.privateIp, target.port) ?? of(target.instanceId ?? null, target.port) ?? null,
  }));
  return { ...holder, targets };
}
