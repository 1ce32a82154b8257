import { hostNameOf } from '@/lib/estate/look-up';
import { stops } from '@/lib/preflight/preflight';
import type { Preview } from './preview';
import type { LaneName } from './split-draft';

/** What a lane's head says: how many writes are its own (null = no plan yet), and what blocks it. */
export function laneCounts(
  { plan, findings }: Preview,
  lane: LaneName,
): { readonly steps: number | null; readonly blocked: number } {
  const blocked = findings.filter((f) => stops(f) && f.field.startsWith(lane)).length;
  if (plan.state !== 'ready') return { steps: null, blocked };
  const { domain, listenerId } = plan.plan.diversion[lane];
  const own = plan.plan.steps.filter(
    ({ kind, ...step }) =>
      kind === 'write' &&
      'object' in step &&
      (step.object.kind === 'recordSet'
        ? hostNameOf(step.object) === domain
        : step.object.domain === domain && step.object.listenerId === listenerId),
  );
  return { steps: own.length, blocked };
}
