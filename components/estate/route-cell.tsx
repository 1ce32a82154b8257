'use client';

import { Diff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { KindMark, Status } from '@/components/ui/chip';
import type { RouteRow } from '@/lib/estate/topology/find-routes';
import type { RouteColumn } from '@/lib/estate/topology/route-filter';
import { unreachable } from '@/lib/invariant';

const none = <span className="text-ink-3">–</span>;

/** One value of a row. A missing value is a dash, with the reason if there is one. */
export function RouteCell({ row, column }: { readonly row: RouteRow; readonly column: RouteColumn }) {
  const t = useTranslations('estate');
  const { host, recordType, loadBalancer, rule, backend } = row;
  switch (column) {
    case 'domain':
      return host === null ? (
        <span className="text-ink-3">{t('noRecord')}</span>
      ) : (
        <span className="font-semibold">{host}</span>
      );
    case 'address':
      return (
        <span className="mono" title={row.address ?? ''}>
          {recordType === null ? null : <span className="text-ink-3">{recordType} </span>}
          {row.address}
        </span>
      );
    case 'loadBalancer':
      if (loadBalancer !== null) return loadBalancer;
      return recordType === null ? none : <span className="text-ink-3">{t('leadsNowhereLong')}</span>;
    case 'region':
      return <span className="text-ink-2">{row.region}</span>;
    case 'listener':
      return row.listener === null ? none : <span className="mono">{row.listener}</span>;
    case 'rule':
      return rule ? (
        <>
          <span className="mono">{rule.url}</span>{' '}
          {rule.domain === host ? null : <span className="text-ink-2">{rule.domain}</span>}
        </>
      ) : (
        none
      );
    case 'backend':
      return backend ? (
        <span className="inline-flex items-center gap-1.5">
          <KindMark kind={backend.kind} />
          <span className="font-semibold">{backend.name ?? t('pool')}</span>
          {backend.targets > 1 ? <span className="text-ink-3">×{backend.targets}</span> : null}
        </span>
      ) : (
        none
      );
    case 'kind':
      return backend ? t(`backendKind.${backend.kind}`) : none;
    case 'weight':
      if (!row.isEnabled) return <span className="text-ink-3">{t('recordOff')}</span>;
      return row.weight === null ? none : <span className="tabular-nums">{row.weight}</span>;
    case 'health':
      return <RouteHealth row={row} />;
    default:
      return unreachable(column);
  }
}

function RouteHealth({ row: { backend, isDown, hasDrifted } }: { readonly row: RouteRow }) {
  const t = useTranslations('estate');
  return (
    <span className="inline-flex items-center gap-2">
      {isDown ? (
        <Status tone="bad">{t('down')}</Status>
      ) : backend !== null && backend.unhealthy > 0 ? (
        <Status tone="bad">{t('health.bad', { count: backend.unhealthy })}</Status>
      ) : null}
      {hasDrifted ? (
        <span className="inline-flex items-center gap-1 text-warn-ink">
          <Diff aria-hidden className="size-3.5" />
          {t('state.drifted')}
        </span>
      ) : null}
      {isDown || hasDrifted || (backend?.unhealthy ?? 0) > 0 ? null : none}
    </span>
  );
}
