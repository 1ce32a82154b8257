import { ApiError } from '@/lib/sandbox/model/api-error';
import { type ActionContext, action } from '@/lib/sandbox/services/action';
import type { WorldLoadBalancer } from '@/lib/sandbox/world/clb';
import { boundCount, requireLoadBalancer } from '../find/find-objects';

/** The limits that stop a deletion without ForceDelete, or always: https://cloud.tencent.com/document/api/214/30689. */
const guard = { targets: 20, mbps: 10, deletions: 30, windowMs: 300_000 };

function refused(context: ActionContext, message: string): ApiError {
  return new ApiError(context.assumptions.get('clb.deleteRefused'), message);
}

/** Returns the busiest minute of the last five, in Mbps, in the direction with more traffic. */
function peakMbps({ vips }: WorldLoadBalancer, { telemetry, account, now }: ActionContext): number {
  const isWanted = ({ uin, vip }: { uin: string; vip: string }) => uin === account.uin && vips.includes(vip);
  const sums = new Map<number, { bytesIn: number; bytesOut: number }>();
  for (const { minute, bucket } of telemetry.traffic.minutes(isWanted, now - guard.windowMs, now + 1)) {
    const sum = sums.get(minute) ?? { bytesIn: 0, bytesOut: 0 };
    sums.set(minute, { bytesIn: sum.bytesIn + bucket.bytesIn, bytesOut: sum.bytesOut + bucket.bytesOut });
  }
  const most = Math.max(0, ...[...sums.values()].map((sum) => Math.max(sum.bytesIn, sum.bytesOut)));
  return (most * 8) / 60 / 1_000_000;
}

/** Counts the region's deletions in the last five minutes, including those in progress. */
function recentDeletions({ account, now }: ActionContext): number {
  return Object.values(account.tasks)
    .filter((task) => task.startedAt > now - guard.windowMs && task.outcome !== 'failed')
    .flatMap(({ effect }) => (effect.kind === 'deleteLoadBalancers' ? effect.loadBalancerIds : [])).length;
}

function checkDeletable(loadBalancer: WorldLoadBalancer, force: boolean, context: ActionContext): void {
  const { id } = loadBalancer;
  if (loadBalancer.deleteProtected) {
    throw refused(context, `The instance ${id} has delete protection on: turn \`DeleteProtect\` off first.`);
  }
  if (force) return;
  const bound = boundCount(loadBalancer);
  if (bound >= guard.targets) {
    throw refused(context, `The instance ${id} has ${bound} backends; deleting it needs \`ForceDelete\`.`);
  }
  const mbps = bound > 0 ? peakMbps(loadBalancer, context) : 0;
  if (mbps > guard.mbps) {
    throw refused(
      context,
      `The instance ${id} carried ${mbps.toFixed(1)} Mbps; deleting it needs \`ForceDelete\`.`,
    );
  }
}

/**
 * Deletes load balancers (≤ 20 ids) with their listeners, rules and bindings:
 * https://cloud.tencent.com/document/api/214/30689.
 */
export const deleteLoadBalancerAction = action<'clb.DeleteLoadBalancer'>((request, context) => {
  const ids = [...new Set(request.LoadBalancerIds)];
  const found = ids.map((id) => requireLoadBalancer(context, id));
  for (const loadBalancer of found) checkDeletable(loadBalancer, request.ForceDelete ?? false, context);
  if (recentDeletions(context) + found.length > guard.deletions - 1) {
    throw refused(context, `At most ${guard.deletions - 1} instances can be deleted within five minutes.`);
  }
  context.startTask(found, { kind: 'deleteLoadBalancers', loadBalancerIds: ids });
  return {};
});
