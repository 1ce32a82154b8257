import { Download } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { ActivityTable } from '@/components/diversions/activity-panel';
import { BreakGlassNote } from '@/components/diversions/break-glass-mark';
import { RunFacts } from '@/components/diversions/post-mortem';
import { PrintButton } from '@/components/diversions/print-button';
import { Person } from '@/components/ui/base/person';
import { Status } from '@/components/ui/chip';
import { Mono } from '@/components/ui/copyable';
import { FactRow, Facts } from '@/components/ui/facts';
import { formatDuration } from '@/components/ui/format-time';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { RunRecordView } from '@/lib/contract/run-record';
import { routes } from '@/lib/routes';
import type { SplitTest } from '@/lib/run/model/dns-split';
import { countExceptions, roundPercent } from '@/lib/statistics/binomial';
import { AuditEntryLine } from './audit-entry';
import { RecordSection } from './record-section';
import { RecordedConvergence } from './recorded-convergence';

type RunRecordReportProps = { readonly record: RunRecordView; readonly madeAt: string };

/**
 * All evidence about a run, to print: plan hash, approvals, events, request ids of the cloud, probes, and the entries of the
 * audit log.
 */
export function RunRecordReport({ record, madeAt }: RunRecordReportProps) {
  const t = useTranslations('audit.record');
  const { report, prunedAt, activity } = record;
  return (
    <main className="mx-auto grid w-full max-w-240 gap-6 bg-surface px-6 py-6 text-ink print:max-w-none print:p-0">
      <div className="flex flex-wrap items-center gap-3 print:hidden">
        <TextLink href={routes.run(report.runId)}>{t('back', { id: report.runId })}</TextLink>
        <a
          href={routes.api.record(report.runId)}
          download
          className="ml-auto inline-flex items-center gap-1 text-12 font-medium text-accent underline decoration-accent-line underline-offset-2"
        >
          <Download aria-hidden className="size-3.5" />
          {t('json')}
        </a>
        <PrintButton />
      </div>
      <RecordHead record={record} madeAt={madeAt} />
      <Approvals record={record} />
      <RecordSection title={t('activity')}>
        {prunedAt === null ? null : (
          <p className="text-12 text-ink-2">
            {t.rich('pruned', { time: () => <Time at={prunedAt} hasDay /> })}
          </p>
        )}
        <ActivityTable entries={activity} />
      </RecordSection>
      <Calls record={record} />
      <Probes record={record} />
      <RecordedConvergence view={record.convergence} />
      <RecordSection title={t('audit')}>
        {record.audit === null ? (
          <p>{t('auditRefused')}</p>
        ) : (
          <ol aria-label={t('audit')} className="border-y border-line">
            {record.audit.map((entry) => (
              <AuditEntryLine key={entry.seq} entry={entry} />
            ))}
          </ol>
        )}
        <p className="text-12 text-ink-2">
          {t('head')}{' '}
          <Mono className="break-all">
            {record.head.seq}:{record.head.hash}
          </Mono>
        </p>
      </RecordSection>
    </main>
  );
}

function RecordHead({ record, madeAt }: RunRecordReportProps) {
  const t = useTranslations('audit.record');
  const { plan, report, diversionId, account, createdBy, createdAt } = record;
  return (
    <header className="grid gap-2">
      <h1 className="text-20">{t('title', { run: report.runId })}</h1>
      <Facts>
        <FactRow name={t('plan')}>
          <TextLink href={routes.plan(plan.id)}>{plan.id}</TextLink>
        </FactRow>
        <FactRow name={t('hash')}>
          <Mono className="break-all">{plan.hash}</Mono>
        </FactRow>
        <FactRow name={t('isIntact')}>
          <Status tone={plan.isIntact ? 'ok' : 'bad'}>{t(plan.isIntact ? 'intact' : 'notIntact')}</Status>
        </FactRow>
        <FactRow name={t('planned')}>
          <Person address={plan.createdBy} at={plan.createdAt} />, <Time at={plan.createdAt} hasDay />
        </FactRow>
        <FactRow name={t('diversion')}>
          <TextLink href={routes.diversion(diversionId)}>{diversionId}</TextLink>
        </FactRow>
        <FactRow name={t('account')}>{account}</FactRow>
        <FactRow name={t('requested')}>
          <Person address={createdBy} at={createdAt} />, <Time at={createdAt} hasDay />
        </FactRow>
        <RunFacts report={report} />
        <FactRow name={t('made')}>
          <Time at={madeAt} hasDay />
        </FactRow>
      </Facts>
    </header>
  );
}

type PartProps = { readonly record: RunRecordView };

function Approvals({ record: { approvals, plan, breakGlass } }: PartProps) {
  const t = useTranslations('audit.record');
  return (
    <RecordSection title={t('approvals')}>
      <BreakGlassNote mark={breakGlass ?? undefined} />
      {approvals.length === 0 ? (
        <p>{t('noApprovals')}</p>
      ) : (
        <ul className="grid gap-2 text-12">
          {approvals.map(({ name, comment, actor, at, withdrawnAt, hash }) => (
            <li key={`${name} ${at}`} className="break-inside-avoid">
              <p className="flex flex-wrap gap-x-3">
                <span className="font-medium">
                  <Person address={name} at={at} />
                </span>
                <Time at={at} hasDay />
                {actor === name ? null : <span className="text-ink-2">{t('givenBy', { actor })}</span>}
                <Status tone={hash === plan.hash ? 'ok' : 'warn'}>
                  {t(hash === plan.hash ? 'sameHash' : 'otherHash')}
                </Status>
                {withdrawnAt === null ? null : (
                  <span className="text-warn-ink">
                    {t.rich('withdrawn', { time: () => <Time at={withdrawnAt} hasDay /> })}
                  </span>
                )}
              </p>
              {comment === '' ? null : <p className="text-ink-2">{comment}</p>}
            </li>
          ))}
        </ul>
      )}
    </RecordSection>
  );
}

function Calls({ record: { calls } }: PartProps) {
  const t = useTranslations('audit.record');
  return (
    <RecordSection title={t('calls')}>
      {calls.length === 0 ? (
        <p>{t('noCalls')}</p>
      ) : (
        <Table aria-label={t('calls')}>
          <Thead>
            <tr>
              <Th>{t('time')}</Th>
              <Th>{t('step')}</Th>
              <Th>{t('action')}</Th>
              <Th>{t('requestId')}</Th>
              <Th>{t('answer')}</Th>
            </tr>
          </Thead>
          <tbody>
            {calls.map(({ at, direction, stepId, action, requestId, code }) => (
              <Tr key={requestId}>
                <Td label={t('time')}>
                  <Time at={at} hasDay />
                </Td>
                <Td label={t('step')}>
                  {stepId} ({t(`direction.${direction}`)})
                </Td>
                <Td label={t('action')}>{action}</Td>
                <Td label={t('requestId')}>
                  <Mono className="break-all">{requestId}</Mono>
                </Td>
                <Td label={t('answer')}>{code ?? t('accepted')}</Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </RecordSection>
  );
}

function Probes({ record: { probes, watch, failoverProbes, split, dnsSplit } }: PartProps) {
  const t = useTranslations('audit.record');
  const charts = useTranslations('run.charts');
  const format = useFormatter();
  const percent = (share: number) =>
    format.number(roundPercent(share * 100, 1), { maximumFractionDigits: 1 });
  const exceptions = split === null ? 0 : countExceptions(split, split.intended);
  const describe = ({ share, low, high, intended }: SplitTest) => ({
    share: percent(share),
    low: percent(low),
    high: percent(high),
    intended: percent(intended),
  });
  return (
    <RecordSection title={t('probes')}>
      {watch === null ? null : (
        <p className="text-12">
          {t.rich('watched', {
            rounds: watch.rounds,
            sent: watch.sent,
            failed: watch.failed,
            from: () => <Time at={watch.since} hasDay />,
            until: () => <Time at={watch.until} hasDay />,
          })}
        </p>
      )}
      {split === null ? null : (
        <p className="text-12">
          {charts('split.requests', describe(split))}{' '}
          {exceptions === 0
            ? null
            : `${charts('split.exceptions', { count: exceptions, side: split.intended === 0 ? 'function' : 'cvm' })} `}
          <Time at={split.at} hasDay />
        </p>
      )}
      {dnsSplit === null ? null : (
        <p className="text-12">
          {charts('split.dns', describe(dnsSplit))} <Time at={dnsSplit.at} hasDay />
        </p>
      )}
      {failoverProbes === null ? null : (
        <p className="text-12">{t('failover', { count: failoverProbes.length })}</p>
      )}
      {probes.length === 0 ? (
        <p>{t('noProbes')}</p>
      ) : (
        <Table aria-label={t('probes')}>
          <Thead>
            <tr>
              <Th>{t('time')}</Th>
              <Th>{t('step')}</Th>
              <Th>{t('address')}</Th>
              <Th>{t('answer')}</Th>
              <Th className="text-right">{t('latency')}</Th>
            </tr>
          </Thead>
          <tbody>
            {probes.map(({ at, direction, stepId, address, passed, status, failure, latencyMs }) => (
              <Tr key={`${at} ${direction} ${stepId}`}>
                <Td label={t('time')}>
                  <Time at={at} hasDay />
                </Td>
                <Td label={t('step')}>
                  {stepId} ({t(`direction.${direction}`)})
                </Td>
                <Td label={t('address')}>
                  <Mono>{address}</Mono>
                </Td>
                <Td label={t('answer')}>
                  <Status tone={passed ? 'ok' : 'bad'}>{failure ?? status ?? t('accepted')}</Status>
                </Td>
                <Td label={t('latency')} className="text-right tabular-nums">
                  {formatDuration(latencyMs)}
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
    </RecordSection>
  );
}
