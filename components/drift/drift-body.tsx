'use client';

import { CircleCheck, CircleHelp, ListChecks } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Banner } from '@/components/ui/banner';
import { ButtonLink } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/empty-state';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import { AsOf } from '@/components/ui/time';
import type { DriftView } from '@/lib/client/drift-views';
import type { ConnectionView } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import { AcceptedList } from './accepted-list';
import type { DriftActions } from './drift-actions';
import { groupByPlan } from './group-by-plan';
import { PlanDrift } from './plan-drift';
import { UnknownList } from './unknown-list';

type DriftBodyProps = {
  readonly view: DriftView;
  readonly connection: ConnectionView;
  readonly actions: DriftActions;
  /** True if the last live read failed, so the data shown may be stale. */
  readonly isStale: boolean;
};

/** Lists the drift plan by plan, then unknown objects, then accepted drift. */
export function DriftBody({ view, connection, actions, isStale }: DriftBodyProps) {
  const t = useTranslations('drift');
  const { drifted, unknown, adopted, watched, takenAt } = view;
  return (
    <>
      {isStale ? <Banner tone="bad" title={t('failed')} /> : null}
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <p className="font-medium">{t('summary', { drifted: drifted.length, watched })}</p>
        <AsOf at={takenAt} />
        <TextLink className="text-12 md:ml-auto" href={routes.changes(connection.id)} prefetch={false}>
          {t('toChanges')}
        </TextLink>
      </div>
      {groupByPlan(drifted).map(({ by, items }) => (
        <PlanDrift key={by.planId} by={by} items={items} connectionId={connection.id} actions={actions} />
      ))}
      {drifted.length === 0 ? <Nothing watched={watched} unknown={unknown.length} /> : null}
      {unknown.length > 0 ? <UnknownList items={unknown} /> : null}
      {adopted.length > 0 ? <AcceptedList items={adopted} /> : null}
    </>
  );
}

function Nothing({ watched, unknown }: { readonly watched: number; readonly unknown: number }) {
  const t = useTranslations('drift');
  if (watched === 0)
    return (
      <Panel>
        <EmptyState
          icon={<ListChecks aria-hidden />}
          title={t('empty.title')}
          actions={<ButtonLink href={routes.plans()}>{t('empty.action')}</ButtonLink>}
        >
          {t('empty.text')}
        </EmptyState>
      </Panel>
    );
  return (
    <Panel>
      {unknown > 0 ? (
        <EmptyState icon={<CircleHelp aria-hidden />} title={t('noneKnown.title')}>
          {t('noneKnown.text', { unknown })}
        </EmptyState>
      ) : (
        <EmptyState icon={<CircleCheck aria-hidden />} title={t('none.title')}>
          {t('none.text', { watched })}
        </EmptyState>
      )}
    </Panel>
  );
}
