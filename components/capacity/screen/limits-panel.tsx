import { useTranslations } from 'next-intl';
import { memo } from 'react';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { TextLink } from '@/components/ui/text-link';
import type { CapacityLimit, CapacityResult } from '@/lib/capacity/result';
import { causeResponse, type RefusalCause, refusalCauses } from '@/lib/capacity/sides/causes';
import { useCapacityFormat } from './capacity-format';

/** The documents that give the limits. null = it follows from the inputs. */
const documents: Readonly<Record<CapacityLimit['kind'], string | null>> = {
  servers: null,
  functionInstances: 'https://www.tencentcloud.com/document/product/583/11637',
  burst: 'https://www.tencentcloud.com/document/product/583/37040',
  warmUp: 'https://www.tencentcloud.com/document/product/583/44843',
  balancerRequests: 'https://www.tencentcloud.com/document/product/214/41563',
  balancerNewConnections: 'https://www.tencentcloud.com/document/product/214/41563',
  balancerConnections: 'https://www.tencentcloud.com/document/product/214/41563',
  balancerBandwidth: 'https://www.tencentcloud.com/document/product/214/41563',
};

type LimitsPanelProps = { readonly result: CapacityResult; readonly startsAt: string | null };

/** The limits of a scenario, when each was first reached, and the refused requests by cause. */
export const LimitsPanel = memo(function LimitsPanel({ result, startsAt }: LimitsPanelProps) {
  const t = useTranslations('capacity.limits');
  const format = useCapacityFormat(startsAt);
  const columns: readonly Column<CapacityLimit>[] = [
    { name: t('limit'), cell: ({ kind, name }) => t(`kind.${kind}`, { name }) },
    {
      name: t('value'),
      cell: ({ value, unit }) => `${format.count(value)} ${t(`unit.${unit}`)}`,
      isNumber: true,
    },
    {
      name: t('reached'),
      cell: ({ reachedAtS }) =>
        reachedAtS === null ? (
          <span className="text-ink-3">{t('never')}</span>
        ) : (
          <span className="font-semibold text-bad-ink">{format.time(reachedAtS)}</span>
        ),
    },
    {
      name: t('source'),
      cell: ({ kind }) => {
        const href = documents[kind];
        return href === null ? (
          t('setup')
        ) : (
          <TextLink href={href} target="_blank" rel="noreferrer">
            {t('document')}
          </TextLink>
        );
      },
    },
  ];
  const { refusedBy } = result.totals;
  const causes: readonly Column<RefusalCause>[] = [
    { name: t('cause'), cell: (cause) => t(`causeName.${cause}`) },
    {
      name: t('response'),
      cell: (cause) => (causeResponse[cause] === 'dropped' ? t('dropped') : causeResponse[cause]),
    },
    { name: t('requests'), cell: (cause) => format.count(refusedBy[cause]), isNumber: true },
  ];
  const met = refusalCauses.filter((cause) => refusedBy[cause] >= 0.5);
  return (
    <Panel title={t('title')} flush>
      <DataTable
        label={t('title')}
        columns={columns}
        rows={result.limits}
        rowKey={({ kind, name }) => `${kind} ${name}`}
      />
      <h3 className="border-t border-line px-4 pt-3 font-semibold">{t('causes')}</h3>
      <DataTable
        label={t('causes')}
        columns={causes}
        rows={met}
        rowKey={(cause) => cause}
        none={t('noCauses')}
      />
    </Panel>
  );
});
