import { ListChecks } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { Mono } from '@/components/ui/copyable';
import { type Column, ListPage } from '@/components/ui/data-table';
import { EmptyState } from '@/components/ui/empty-state';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { PlanSummary } from '@/lib/client/views';
import { isUnapproved } from '@/lib/policy/approval';
import { routes } from '@/lib/routes';
import { ImportPlan } from './import-plan';

const tones = { ran: 'neutral', blocked: 'bad', unapproved: 'warn', ready: 'neutral' } as const;

function getPlanState({ runId, blocks, approvals }: PlanSummary): keyof typeof tones {
  if (runId !== null) return 'ran';
  if (blocks > 0) return 'blocked';
  return isUnapproved(approvals) ? 'unapproved' : 'ready';
}

/** All plans, newest first, and the import of one made elsewhere. */
export function PlanList({ plans }: { readonly plans: readonly PlanSummary[] }) {
  const t = useTranslations('plan.list');
  const shell = useTranslations('shell');
  const columns: readonly Column<PlanSummary>[] = [
    {
      name: t('name'),
      cell: (plan) => (
        <>
          <TextLink href={routes.plan(plan.id)}>{plan.name}</TextLink> <Mono>{plan.id}</Mono>
        </>
      ),
    },
    {
      name: t('state'),
      cell: (plan) => {
        const state = getPlanState(plan);
        return (
          <Chip tone={tones[state]}>{t(`states.${state}`, { count: plan.blocks, ...plan.approvals })}</Chip>
        );
      },
    },
    { name: t('connection'), cell: (plan) => plan.connectionName },
    { name: t('steps'), isNumber: true, cell: (plan) => plan.steps },
    { name: t('made'), cell: (plan) => <Time at={plan.createdAt} /> },
    {
      name: t('run'),
      cell: ({ runId }) =>
        runId === null ? (
          <span className="text-ink-3">{t('noRun')}</span>
        ) : (
          <TextLink href={routes.run(runId)}>{t('openRun')}</TextLink>
        ),
    },
  ];
  return (
    <ListPage
      above={<ImportPlan />}
      columns={columns}
      rows={plans}
      rowKey={(plan) => plan.id}
      empty={
        <EmptyState
          icon={<ListChecks aria-hidden />}
          title={t('emptyTitle')}
          actions={<ButtonLink href={routes.estate()}>{shell('toEstate')}</ButtonLink>}
        >
          {t('empty')}
        </EmptyState>
      }
    />
  );
}
