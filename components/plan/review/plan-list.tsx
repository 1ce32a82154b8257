import { ListChecks } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '@/components/ui/button';
import { Chip } from '@/components/ui/chip';
import { Mono } from '@/components/ui/copyable';
import { EmptyState } from '@/components/ui/empty-state';
import { PageFrame } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { PlanSummary } from '@/lib/client/views';
import { isUnapproved } from '@/lib/policy/approval';
import { routes } from '@/lib/routes';
import { ImportPlan } from './import-plan';

type PlanListProps = { readonly plans: readonly PlanSummary[] };

/** All plans, newest first, and the import of one made elsewhere. */
export function PlanList({ plans }: PlanListProps) {
  const t = useTranslations('plan.list');
  return (
    <PageFrame>
      <ImportPlan />
      <Panel flush>
        {plans.length === 0 ? (
          <EmptyState
            icon={<ListChecks aria-hidden />}
            title={t('emptyTitle')}
            actions={<ButtonLink href={routes.estate()}>{t('toEstate')}</ButtonLink>}
          >
            {t('empty')}
          </EmptyState>
        ) : (
          <Table>
            <Thead>
              <tr>
                <Th>{t('name')}</Th>
                <Th>{t('state')}</Th>
                <Th>{t('connection')}</Th>
                <Th className="text-right">{t('steps')}</Th>
                <Th>{t('made')}</Th>
                <Th>{t('run')}</Th>
              </tr>
            </Thead>
            <tbody>
              {plans.map((plan) => (
                <PlanRow key={plan.id} plan={plan} />
              ))}
            </tbody>
          </Table>
        )}
      </Panel>
    </PageFrame>
  );
}

const tones = { ran: 'neutral', blocked: 'bad', unapproved: 'warn', ready: 'neutral' } as const;

function getPlanState({ runId, blocks, approvals }: PlanSummary): keyof typeof tones {
  if (runId !== null) return 'ran';
  if (blocks > 0) return 'blocked';
  return isUnapproved(approvals) ? 'unapproved' : 'ready';
}

function PlanRow({ plan }: { readonly plan: PlanSummary }) {
  const t = useTranslations('plan.list');
  const state = getPlanState(plan);
  return (
    <Tr>
      <Td label={t('name')}>
        <TextLink href={routes.plan(plan.id)}>{plan.name}</TextLink> <Mono>{plan.id}</Mono>
      </Td>
      <Td label={t('state')}>
        <Chip tone={tones[state]}>{t(`states.${state}`, { count: plan.blocks, ...plan.approvals })}</Chip>
      </Td>
      <Td label={t('connection')}>{plan.connectionName}</Td>
      <Td label={t('steps')} className="text-right tabular-nums">
        {plan.steps}
      </Td>
      <Td label={t('made')}>
        <Time at={plan.createdAt} />
      </Td>
      <Td label={t('run')}>
        {plan.runId === null ? (
          <span className="text-ink-3">{t('noRun')}</span>
        ) : (
          <TextLink href={routes.run(plan.runId)}>{t('openRun')}</TextLink>
        )}
      </Td>
    </Tr>
  );
}
