import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useRailCounts } from '@/components/shell/rail-counts';
import { StateCompare } from '@/components/steps/state-compare';
import { Callout } from '@/components/ui/banner';
import { TextLink } from '@/components/ui/text-link';
import { driftQuery } from '@/lib/client/estate-queries';
import type { DriftedView } from '@/lib/contract/drift';
import { getHostName } from '@/lib/estate/look-up';
import type { ObjectRef } from '@/lib/estate/object';
import type { TopologyNode } from '@/lib/estate/topology/node';
import { routes } from '@/lib/routes';
import { useIsPast } from './is-past';

type DetailDriftProps = { readonly node: TopologyNode; readonly connectionId: string };

/** A node's drift from the baseline of the last applied plan; renders nothing without drift, or in the past. */
export function DetailDrift({ node, connectionId }: DetailDriftProps) {
  const count = useRailCounts()?.drifted[connectionId] ?? 0;
  const isPast = useIsPast();
  return count === 0 || isPast ? null : <Drifted node={node} connectionId={connectionId} />;
}

function Drifted({ node, connectionId }: DetailDriftProps) {
  const t = useTranslations('drift');
  const figure = useTranslations('estate.drift');
  const { data } = useQuery(driftQuery(connectionId));
  const found = driftOfNode(data?.drifted ?? [], node);
  return found.map(({ key, expected, found: state, by, accepted }) => (
    <div key={key} className="lg:max-xl:col-span-2">
      <Callout tone="warn" title={t('ofNode', { run: by.runId })}>
        {/* The panel is narrow even on wide screens, so the states are stacked. */}
        <div className="mt-1 grid gap-2 md:[&>div]:grid-cols-1">
          <StateCompare
            from={{ title: t(accepted === null ? 'expected' : 'expectedAccepted'), state: expected }}
            to={{ title: t('found'), state }}
          />
          <TextLink href={routes.drift(connectionId)}>{figure('review')}</TextLink>
        </div>
      </Callout>
    </div>
  ));
}

/** Returns whether an object is shown by a node of the estate. */
function isOfNode(object: ObjectRef, node: TopologyNode): boolean {
  switch (object.kind) {
    case 'recordSet':
      return node.kind === 'host' && node.host === getHostName(object);
    case 'rule': {
      if (node.kind !== 'rule') return false;
      const { listenerId, domains, url } = node.rule;
      return listenerId === object.listenerId && url === object.url && domains.includes(object.domain);
    }
    case 'loadBalancer':
      return (
        node.kind === 'loadBalancer' &&
        node.region === object.region &&
        node.loadBalancer.name === object.name
      );
    case 'listener': {
      if (node.kind !== 'listener') return false;
      const { loadBalancerId, protocol, port } = node.listener;
      return loadBalancerId === object.loadBalancerId && protocol === object.protocol && port === object.port;
    }
    case 'provisioned': {
      if (node.kind !== 'backend' || node.backend.kind !== 'scf') return false;
      const { region, namespace, name } = node.backend;
      return region === object.region && namespace === object.namespace && name === object.name;
    }
  }
}

/**
 * Returns the drift of the objects that a node of the estate shows. Objects in another account are in that account's
 * estate.
 */
export function driftOfNode(drifted: readonly DriftedView[], node: TopologyNode): readonly DriftedView[] {
  return drifted.filter(({ object }) => object.connectionId === undefined && isOfNode(object, node));
}
