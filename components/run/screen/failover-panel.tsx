import { useTranslations } from 'next-intl';
import { Mono } from '@/components/ui/copyable';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { Time } from '@/components/ui/time';
import type { RunPageView } from '@/lib/contract/run';
import type { FailedProbe } from '@/lib/run/model/failover';

/**
 * The failed probes that a failover was decided by: from which vantage, of which address, why; nothing for other runs.
 */
export function FailoverPanel({ run: { failoverProbes } }: { readonly run: RunPageView }) {
  const t = useTranslations('run.failover');
  if (failoverProbes === null) return null;
  const vantageName = ({ vantage }: FailedProbe) => {
    const resolver = vantage.kind === 'name' ? vantage.resolver : null;
    const kind = vantage.kind === 'address' ? 'address' : resolver === null ? 'name' : 'resolver';
    return t('vantageName', { kind, resolver: resolver ?? '' });
  };
  const columns: readonly Column<FailedProbe>[] = [
    { name: t('at'), cell: ({ at }) => <Time at={at} /> },
    { name: t('vantage'), cell: vantageName },
    { name: t('address'), cell: ({ address }) => <Mono>{address ?? t('noAddress')}</Mono> },
    { name: t('failure'), cell: ({ failure }) => failure ?? t('noAnswer') },
  ];
  return (
    <Panel title={t('title')} flush>
      <DataTable
        columns={columns}
        rows={failoverProbes}
        rowKey={(probe) => `${probe.at} ${vantageName(probe)}`}
        none={t('none')}
      />
    </Panel>
  );
}
