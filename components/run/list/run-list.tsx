import { CirclePlay } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ButtonLink } from '@/components/ui/button';
import { Mono } from '@/components/ui/copyable';
import { EmptyState } from '@/components/ui/empty-state';
import { PageFrame } from '@/components/ui/page-header';
import { Panel } from '@/components/ui/panel';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { RunSummary } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import { RunStateMark } from './run-state-chip';

/** All runs, newest first. */
export function RunList({ runs }: { readonly runs: readonly RunSummary[] }) {
  const t = useTranslations('run.list');
  return (
    <PageFrame>
      <Panel flush>
        {runs.length === 0 ? (
          <EmptyState
            icon={<CirclePlay aria-hidden />}
            title={t('emptyTitle')}
            actions={<ButtonLink href={routes.plans()}>{t('plans')}</ButtonLink>}
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
                <Th>{t('clock')}</Th>
                <Th>{t('started')}</Th>
                <Th>{t('actor')}</Th>
                <Th>{t('plan')}</Th>
              </tr>
            </Thead>
            <tbody>
              {runs.map((run) => (
                <RunRow key={run.id} run={run} />
              ))}
            </tbody>
          </Table>
        )}
      </Panel>
    </PageFrame>
  );
}

function RunRow({ run }: { readonly run: RunSummary }) {
  const t = useTranslations('run.list');
  return (
    <Tr>
      <Td label={t('name')}>
        <TextLink href={routes.run(run.id)}>{run.name}</TextLink> <Mono>{run.id}</Mono>
      </Td>
      <Td label={t('state')}>
        <RunStateMark state={run.state} />
        {run.retrying === null ? null : (
          <p className="text-12 text-ink-2">
            {t.rich('retrying', {
              what: run.retrying.what,
              seconds: Math.max(1, Math.round(run.retrying.everyMs / 1000)),
              time: () => <Time at={run.retrying?.since ?? ''} />,
            })}
          </p>
        )}
      </Td>
      <Td label={t('connection')}>{run.connectionName}</Td>
      <Td label={t('clock')}>
        {run.cutover === null ? t('atOnce') : <Time at={run.cutover.t0} zone={run.cutover.zone} />}
      </Td>
      <Td label={t('started')}>
        <Time at={run.createdAt} />
      </Td>
      <Td label={t('actor')}>{run.actor}</Td>
      <Td label={t('plan')}>
        <TextLink href={routes.plan(run.planId)}>{t('openPlan')}</TextLink>
      </Td>
    </Tr>
  );
}
