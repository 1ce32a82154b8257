'use client';

import { useTranslations } from 'next-intl';
import { poolWeight } from '@/components/topology/group';
import { getRouteRegion, type TopologyRoute } from '@/components/topology/route';
import { KindMark } from '@/components/ui/chip';
import { unreachable } from '@/lib/invariant';
import { backendName, type RouteColumn, routeAddress } from './route-columns';

const none = <span className="text-ink-3">–</span>;

/** One value of a row. A missing value is a dash, with the reason if there is one. */
export function RouteCell({
  route,
  column,
}: {
  readonly route: TopologyRoute;
  readonly column: RouteColumn;
}) {
  const t = useTranslations('estate');
  const { record, loadBalancer, listener, rule, backend } = route;
  switch (column) {
    case 'domain':
      return route.host === null ? (
        <span className="text-ink-3">{t('noRecord')}</span>
      ) : (
        <span className="font-semibold">{route.host}</span>
      );
    case 'address':
      return (
        <span className="mono" title={routeAddress(route)}>
          {record ? <span className="text-ink-3">{record.type} </span> : null}
          {routeAddress(route)}
        </span>
      );
    case 'loadBalancer':
      if (loadBalancer) return loadBalancer.name;
      return record ? <span className="text-ink-3">{t('leadsNowhereLong')}</span> : none;
    case 'region':
      return <span className="text-ink-2">{getRouteRegion(route)}</span>;
    case 'listener':
      return listener ? (
        <span className="mono">
          {listener.protocol}:{listener.port}
        </span>
      ) : (
        none
      );
    case 'rule':
      return rule ? (
        <>
          <span className="mono">{rule.url}</span>{' '}
          {rule.domain === route.host ? null : <span className="text-ink-2">{rule.domain}</span>}
        </>
      ) : (
        none
      );
    case 'backend':
      return backend ? (
        <span className="inline-flex items-center gap-1.5">
          <KindMark kind={backend.kind} />
          <span className="font-semibold">{backendName(backend) ?? t('pool')}</span>
          {backend.kind === 'cvm' && backend.targets.length > 1 ? (
            <span className="text-ink-3">×{backend.targets.length}</span>
          ) : null}
        </span>
      ) : (
        none
      );
    case 'kind':
      return backend ? t(`backendKind.${backend.kind}`) : none;
    case 'weight':
      return <Weight route={route} />;
    default:
      return unreachable(column);
  }
}

function Weight({ route }: { readonly route: TopologyRoute }) {
  const t = useTranslations('estate');
  if (route.record && !route.record.enabled) return <span className="text-ink-3">{t('recordOff')}</span>;
  const weight = route.backend ? poolWeight(route.backend) : null;
  return weight === null ? none : <span className="tabular-nums">{weight}</span>;
}
