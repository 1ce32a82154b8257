'use client';

import { Equal, Minus, MoveVertical, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { RouteGlyph, type RoutePart } from '@/components/steps/route-glyph';
import { useSpoken } from '@/components/steps/use-spoken';
import { classes } from '@/components/ui/classes';
import { Panel } from '@/components/ui/panel';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import { AsOf } from '@/components/ui/time';
import { useAnyKey } from '@/lib/messages/use-any-key';
import type { Hop } from './route-hops';
import type { RouteRow } from './route-rows';

const looks = {
  same: { icon: Equal, row: '', sign: 'text-ink-3' },
  share: { icon: MoveVertical, row: 'bg-warn-soft border-warn-line', sign: 'bg-warn/16 text-warn-ink' },
  gone: { icon: Minus, row: 'bg-bad-soft border-bad-line', sign: 'bg-bad/16 text-bad-ink' },
  new: { icon: Plus, row: 'bg-ok-soft border-ok-line', sign: 'bg-ok/18 text-ok-ink' },
};

export type PlanRoutesProps = {
  readonly rows: readonly RouteRow[];
  /** The time of the plan's snapshot. */
  readonly takenAt: string;
};

/** The routes of both domains, before and after, one row each. */
export function PlanRoutes({ rows, takenAt }: PlanRoutesProps) {
  const t = useTranslations('plan.routes');
  const count = (change: RouteRow['change']) => rows.filter((row) => row.change === change).length;
  return (
    <Panel
      title={t('title')}
      flush
      aside={
        <>
          <span className="text-12 text-ink-3 max-md:hidden">
            {t('count', {
              removed: count('gone'),
              added: count('new'),
              changed: count('share'),
              same: count('same'),
            })}
          </span>
          <AsOf at={takenAt} />
        </>
      }
      footer={t('foot')}
    >
      <Table>
        <Thead>
          <tr>
            <Th className="w-8 border-b-0 text-11 font-normal">
              <span className="sr-only">{t('change')}</span>
            </Th>
            {(['record', 'loadBalancer', 'listener', 'rule', 'backend'] as const).map((part) => (
              <Th key={part} className="border-b-0 text-11 font-normal text-ink-3">
                {t(`head.${part}`)}
              </Th>
            ))}
            <Th className="border-b-0">
              <span className="sr-only">{t('when')}</span>
            </Th>
          </tr>
        </Thead>
        <tbody>
          {rows.map((row) => (
            <Route key={row.id} row={row} />
          ))}
        </tbody>
      </Table>
    </Panel>
  );
}

function Route({ row }: { readonly row: RouteRow }) {
  const t = useTranslations('plan');
  const look = looks[row.change];
  const backendPart: RoutePart = row.backend.kind === 'none' ? 'answer' : row.backend.kind;
  return (
    <Tr className={classes('border-t border-b-0 border-line', look.row)}>
      <Td className={classes('w-8 text-center max-md:hidden md:first:pl-2', look.sign)}>
        <look.icon aria-hidden className="inline size-3.5" />
        <span className="sr-only">{t(`changeSign.${row.change}`)}</span>
      </Td>
      <Td label={t('routes.head.record')}>
        <HopCell hop={row.record} part="record" isStruck={row.change === 'gone'} />
      </Td>
      <Td label={t('routes.head.loadBalancer')}>
        <HopCell hop={row.loadBalancer} part="loadBalancer" />
      </Td>
      <Td label={t('routes.head.listener')}>
        <HopCell hop={row.listener} part="listener" />
      </Td>
      <Td label={t('routes.head.rule')}>
        <HopCell hop={row.rule} part="rule" />
      </Td>
      <Td label={t('routes.head.backend')}>
        <HopCell hop={row.backend} part={backendPart} />
      </Td>
      <Td className="text-right text-11 whitespace-nowrap text-ink-2">{t(`change.${row.change}`)}</Td>
    </Tr>
  );
}

type HopCellProps = { readonly hop: Hop; readonly part: RoutePart; readonly isStruck?: boolean };

function HopCell({ hop, part, isStruck = false }: HopCellProps) {
  const t = useAnyKey('plan.hop');
  const spoken = useSpoken();
  return (
    <span className="inline-flex max-w-full min-w-0 items-center gap-2 text-left align-middle">
      {part === 'answer' ? null : <RouteGlyph part={part} />}
      <span className="grid min-w-0">
        {hop.name === '' ? null : (
          <strong
            title={hop.name}
            className={classes('truncate font-semibold md:max-w-52', isStruck && 'line-through')}
          >
            {hop.name}
          </strong>
        )}
        {hop.detail === null ? null : (
          <small className="truncate text-11 text-ink-2 md:max-w-52">
            {t(hop.detail.key, spoken(hop.detail.values))}
          </small>
        )}
      </span>
    </span>
  );
}
