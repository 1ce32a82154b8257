import type { Plan } from '@/lib/plan/model/model';

type PlanConnections = Pick<Plan, 'connectionId'> & {
  readonly diversion: { readonly connections?: readonly string[] };
};

/** Returns the connections that a plan spans, its own first. */
export function listConnectionIds({
  connectionId,
  diversion,
}: PlanConnections): readonly [string, ...string[]] {
  const others = (diversion.connections ?? []).filter((id) => id !== connectionId);
  return [connectionId, ...others];
}
