import { targetName } from '@/lib/estate/target';
import { createFindings } from '@/lib/preflight/model/finding';
import { isLedTo } from '@/lib/preflight/model/led-to';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { routeFieldName, ruleName } from '@/lib/preflight/model/routes';
import { listCvmRoutes } from './cvm-routes';

const { pass, warn, block } = createFindings(
  'target-weight',
  'https://cloud.tencent.com/document/api/214/30694#Target',
);

/** Checks that at least one target of each CVM route has a weight: one with weight 0 gets no new requests. */
export const checkTargetWeight: Check = (input) =>
  listCvmRoutes(input).flatMap(({ resolved, bound, added }): Finding[] => {
    const targets = [...bound, ...added];
    if (targets.length === 0) return [];
    const idle = targets.filter(({ weight }) => weight === 0);
    const found = {
      field: routeFieldName(resolved, 'addTargets'),
      objects: idle.map(targetName),
      values: { rule: ruleName(resolved), count: targets.length - idle.length, all: targets.length },
    };
    if (idle.length < targets.length) return [pass({ ...found, why: 'pass' })];
    const stop = isLedTo(input, resolved) ? block : warn;
    return [stop({ ...found, why: 'none' })];
  });
