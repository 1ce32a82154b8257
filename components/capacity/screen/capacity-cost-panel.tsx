import { useTranslations } from 'next-intl';
import { memo } from 'react';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { TextLink } from '@/components/ui/text-link';
import type { CapacityCost, CapacityCostLine } from '@/lib/capacity/prices/capacity-cost';
import { useCapacityFormat } from './capacity-format';

/** The cost of a scenario by item, with the source of each price. */
export const CapacityCostPanel = memo(function CapacityCostPanel({ cost }: { readonly cost: CapacityCost }) {
  const t = useTranslations('capacity.costs');
  const format = useCapacityFormat(null);
  const columns: readonly Column<CapacityCostLine>[] = [
    { name: t('item'), cell: ({ item }) => t(`items.${item}`) },
    { name: t('of'), cell: ({ name, region }) => (region === '' ? name : `${name}, ${region}`) },
    { name: t('quantity'), cell: ({ quantity }) => format.number(quantity), isNumber: true },
    {
      name: t('price'),
      cell: ({ price }) =>
        price.source === '' ? (
          `${format.price(price.amount)} ${t('own')}`
        ) : (
          <>
            {format.price(price.amount)}{' '}
            <TextLink href={price.source} target="_blank" rel="noreferrer">
              {t('list', { asOf: price.asOf })}
            </TextLink>
          </>
        ),
      isNumber: true,
    },
    { name: t('amount'), cell: ({ amount }) => `${format.money(amount)} ${cost.currency}`, isNumber: true },
  ];
  const omitted = cost.unknown.map(({ why, of }) => t(`why.${why}`, { of })).join('; ');
  const footer = omitted === '' ? t('unverified') : `${t('unverified')} ${t('unknown', { what: omitted })}`;
  return (
    <Panel title={t('title')} flush footer={footer}>
      <DataTable
        label={t('title')}
        columns={columns}
        rows={cost.lines}
        rowKey={({ item, name }) => `${item} ${name}`}
      />
    </Panel>
  );
});
