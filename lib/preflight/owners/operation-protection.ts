import { isUnread } from '@/lib/estate/gaps';
import { createFindings } from '@/lib/preflight/model/finding';
import type { Check, Finding } from '@/lib/preflight/model/model';
import { writtenBalancers } from '@/lib/preflight/model/written-balancers';

const { pass, block, unknown } = createFindings(
  'operation-protection',
  'https://cloud.tencent.com/document/api/214/30694#LBOperateProtectInfo',
);

/**
 * Checks that no load balancer that the plan or its rollback writes to is under operation protection, with which the
 * cloud refuses changes, and says who has set it.
 */
export const checkOperationProtection: Check = (input) => {
  const written = writtenBalancers(input);
  const findings = written.flatMap(({ loadBalancer, field }): readonly Finding[] => {
    const { id, name, region, operationProtection } = loadBalancer;
    const found = { field, objects: [id] };
    if (operationProtection !== null) {
      const { operatorUin, note } = operationProtection;
      const values = { name, uin: operatorUin ?? 'none', note: note === '' ? 'none' : note };
      return [block({ ...found, why: 'protected', values })];
    }
    const isRead = !isUnread(input.before, `clb-protection/${region}`);
    return isRead ? [] : [unknown({ ...found, why: 'unread', values: { name } })];
  });
  if (findings.length > 0 || written.length === 0) return findings;
  const objects = written.map(({ loadBalancer }) => loadBalancer.id);
  return [pass({ field: null, objects, why: 'pass' })];
};
