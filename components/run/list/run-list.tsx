import { CirclePlay } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '@/components/ui/button';
import { Mono } from '@/components/ui/copyable';
import { type Column, ListPage } from '@/components/ui/data-table';
import { EmptyState } from '@/components/ui/empty-state';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { RunSummary } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import { RunStateMark } from './run-state-chip';

/** All runs, newest first. */
export function RunList({ runs }: { readonly runs: readonly RunSummary[] }) {
  const t = useTranslations('run.list');
  const columns: readonly Column<RunSummary>[] = [
    {
      name: t('name'),
      cell: (run) => (
        <>
          <TextLink href={routes.run(run.id)}>{run.name}</TextLink> <Mono>{run.id}</Mono>
        </>
      ),
    },
    {
      name: t('state'),
      cell: ({ state, retrying }) => (
        <>
          <RunStateMark state={state} />
          {retrying === null ? null : (
            <p className="text-12 text-ink-2">
              {t.rich('retrying', {
                what: retrying.what,
                seconds: Math.max(1, Math.round(retrying.everyMs / 1000)),
                time: () => <Time at={retrying.since} />,
              })}
            </p>
          )}
        </>
      ),
    },
    { name: t('connection'), cell: (run) => run.connectionName },
    {
      name: t('clock'),
      cell: ({ cutover }) => (cutover === null ? t('atOnce') : <Time at={cutover.t0} zone={cutover.zone} />),
    },
    { name: t('started'), cell: (run) => <Time at={run.createdAt} /> },
    { name: t('actor'), cell: (run) => run.actor },
    { name: t('plan'), cell: (run) => <TextLink href={routes.plan(run.planId)}>{t('openPlan')}</TextLink> },
  ];
  return (
    <ListPage
      columns={columns}
      rows={runs}
      rowKey={(run) => run.id}
      empty={
        <EmptyState
          icon={<CirclePlay aria-hidden />}
          title={t('emptyTitle')}
          actions={<ButtonLink href={routes.plans()}>{t('plans')}</ButtonLink>}
        >
          {t('empty')}
        </EmptyState>
      }
    />
  );
}
