'use client';

import type { TopologyNode } from '@/components/topology/group';
import { unreachable } from '@/lib/invariant';
import { BalancerDetail } from './detail-balancer';
import { FunctionDetailPanel } from './detail-function';
import { HostDetail } from './detail-host';
import { ListenerDetail } from './detail-listener';
import type { DetailProps } from './detail-parts';
import { RuleDetail } from './detail-rule';
import { TargetList } from './target-list';

/** The facts about one node from the latest snapshot. */
export function DetailBody({ subject: node, ...context }: DetailProps<TopologyNode>) {
  switch (node.kind) {
    case 'host':
      return <HostDetail subject={node} {...context} />;
    case 'loadBalancer':
      return <BalancerDetail subject={node.loadBalancer} {...context} />;
    case 'listener':
      return <ListenerDetail subject={node.listener} {...context} />;
    case 'rule':
      return <RuleDetail subject={node.rule} {...context} />;
    case 'backend':
      return node.backend.kind === 'scf' ? (
        <FunctionDetailPanel subject={node.backend} {...context} />
      ) : (
        <TargetList targets={node.backend.targets} estate={context.estate} />
      );
    default:
      return unreachable(node);
  }
}
