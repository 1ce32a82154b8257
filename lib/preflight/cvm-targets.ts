import { findInstance } from '@/lib/estate/look-up';
import { findingsOf } from './finding';
import { lanesOf } from './lanes';
import type { Check, Finding } from './model';

const { pass, warn, block, unknown } = findingsOf(
  'cvm-targets',
  'https://www.tencentcloud.com/document/product/214/33847',
);

/** Lane A reaches running instances: some are bound or added, all of them of the load balancer's region. */
export const checkCvmTargets: Check = (input) => {
  const lane = lanesOf(input).find((l) => l.prefix === 'laneA');
  if (lane === undefined) return [];
  const added = input.diversion.laneA.addTargets;
  const rule = `${lane.ref.domain}${lane.ref.url}`;
  const ids = [...(lane.rule?.targets ?? []), ...added].map((t) => t.instanceId);
  const found = { field: 'laneA.addTargets', objects: ids, values: { rule } } as const;
  if (ids.length === 0) return [block({ ...found, why: 'none' })];

  const reasons = ids.flatMap((id): Finding[] => {
    const instance = findInstance(input.estate, id);
    const about = { ...found, objects: [id], values: { instance: id } };
    if (instance === undefined) return [unknown({ ...about, why: 'unread' })];
    const named = {
      ...about,
      values: { instance: instance.name, state: instance.state, region: instance.region },
    };
    if (instance.region !== lane.loadBalancer.region) return [block({ ...named, why: 'otherRegion' })];
    return instance.state === 'RUNNING' ? [] : [warn({ ...named, why: 'notRunning' })];
  });
  return reasons.length > 0
    ? reasons
    : [pass({ ...found, why: 'pass', values: { rule, targets: ids.length } })];
};
