import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { BreachEnd } from '@/components/shell/alert-reason-text';
import { useMeasure } from '@/components/shell/use-measure';
import { StateCompare } from '@/components/steps/state-compare';
import { StepTitle } from '@/components/steps/step-title';
import { Person } from '@/components/ui/base/person';
import { Mono } from '@/components/ui/copyable';
import { FactRow, Facts } from '@/components/ui/facts';
import { formatDuration } from '@/components/ui/format-time';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { PostMortemView, RunWatchView } from '@/lib/contract/diversion';
import type { BreakGlass } from '@/lib/policy/approval';
import { routes } from '@/lib/routes';
import type { ReportedChange, RunReport } from '@/lib/run/model/run-report';
import { ActivityTable } from './activity-panel';
import { BreakGlassNote } from './break-glass-mark';
import { PrintButton } from './print-button';

/** The maximum number listed, with the number of others: a dead route fails in each round. */
const failuresShown = 20;

type PostMortemProps = { readonly view: PostMortemView; readonly madeAt: string };

/** A printable report on a diversion that has run: what happened, what changed, and what clients could see. */
export function PostMortem({ view, madeAt }: PostMortemProps) {
  const t = useTranslations('diversions.postMortem');
  const all = useTranslations('diversions');
  const { diversion, activity, reports, watches, olderRuns } = view;
  const { id, name, kind, owner, state, domains, connection } = diversion;
  return (
    <main className="mx-auto grid w-full max-w-240 gap-6 bg-surface px-6 py-6 text-ink print:max-w-none print:p-0">
      <div className="flex flex-wrap items-center gap-3 print:hidden">
        <TextLink href={routes.diversion(id)}>{t('back', { id })}</TextLink>
        <span className="ml-auto">
          <PrintButton />
        </span>
      </div>
      <header className="grid gap-2">
        <h1 className="text-20">{t('title', { name })}</h1>
        <Facts>
          <FactRow name={t('id')}>
            <Mono>{id}</Mono>
          </FactRow>
          <FactRow name={t('kind')}>{all(`kind.${kind}`)}</FactRow>
          <FactRow name={t('state')}>{all(`state.${state}`)}</FactRow>
          <FactRow name={t('domains')}>{domains.join(', ')}</FactRow>
          <FactRow name={t('account')}>{connection.name}</FactRow>
          <FactRow name={t('owner')}>
            <Person address={owner} />
          </FactRow>
          <FactRow name={t('made')}>
            <Time at={madeAt} hasDay />
          </FactRow>
        </Facts>
      </header>
      {reports.length === 0 ? <p>{t('noRuns')}</p> : null}
      {olderRuns === 0 ? null : <p>{t('olderRuns', { count: olderRuns })}</p>}
      {reports.map((report) => (
        <RunSection
          key={report.runId}
          report={report}
          watch={watches[report.runId] ?? null}
          mark={diversion.revisions.find(({ runId }) => runId === report.runId)?.approvals.breakGlass}
        />
      ))}
      <Section title={t('timeline')}>
        <ActivityTable entries={activity.entries} />
      </Section>
    </main>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section aria-label={title} className="grid gap-3 border-t border-line-strong pt-4">
      <h2 className="text-16 break-after-avoid">{title}</h2>
      {children}
    </section>
  );
}

/** The facts of a run that every report on it begins with: its state and its times. */
export function RunFacts({
  report,
}: {
  readonly report: Pick<RunReport, 'state' | 'cutover' | 'startedAt' | 'endedAt'>;
}) {
  const t = useTranslations('run.facts');
  const states = useTranslations('run.state');
  const { state, cutover, startedAt, endedAt } = report;
  return (
    <>
      <FactRow name={t('state')}>{states(state)}</FactRow>
      {cutover === null ? null : (
        <FactRow name={t('t0')}>
          <Time at={cutover.t0} zone={cutover.zone} hasDay />
        </FactRow>
      )}
      {cutover?.t1 == null ? null : (
        <FactRow name={t('t1')}>
          <Time at={cutover.t1} zone={cutover.zone} hasDay />
        </FactRow>
      )}
      <FactRow name={t('started')}>
        {startedAt === null ? t('never') : <Time at={startedAt} hasDay />}
      </FactRow>
      <FactRow name={t('ended')}>{endedAt === null ? t('notEnded') : <Time at={endedAt} hasDay />}</FactRow>
    </>
  );
}

type RunSectionProps = {
  readonly report: RunReport;
  readonly watch: RunWatchView | null;
  readonly mark: BreakGlass | undefined;
};

function RunSection({ report, watch, mark }: RunSectionProps) {
  const t = useTranslations('diversions.postMortem');
  const { runId, planId, latenessMs, window, changes, probes } = report;
  return (
    <Section title={t('run', { run: runId, plan: planId })}>
      <BreakGlassNote mark={mark} />
      <Facts>
        <RunFacts report={report} />
        {latenessMs === null ? null : <FactRow name={t('lateness')}>{formatDuration(latenessMs)}</FactRow>}
        <FactRow name={t('window')}>
          {window === null
            ? t('windowNone')
            : window.until === null
              ? t.rich('windowOpen', { from: () => <Time at={window.from} /> })
              : t.rich('windowOver', {
                  from: () => <Time at={window.from} />,
                  until: () => <Time at={window.until ?? ''} />,
                  duration: formatDuration(Date.parse(window.until) - Date.parse(window.from)),
                })}
        </FactRow>
        <FactRow name={t('probes')}>
          {t('probesSent', { sent: probes.sent, failed: probes.failed.length })}
          {probes.slowestMs === null ? null : t('slowest', { duration: formatDuration(probes.slowestMs) })}
        </FactRow>
        <FactRow name={t('watched')}>{watch === null ? t('watchedNone') : <Watched watch={watch} />}</FactRow>
      </Facts>
      {watch === null ? null : <WatchedEvidence watch={watch} />}
      {probes.failed.length === 0 ? null : <FailedProbes report={report} />}
      <h3 className="text-12 font-semibold break-after-avoid">{t('changes', { count: changes.length })}</h3>
      <ol className="grid gap-4">
        {changes.map((change) => (
          <Change key={change.step.id} change={change} />
        ))}
      </ol>
    </Section>
  );
}

/** Rounds of probes besides the steps: when, how many, and the slowest. */
function Watched({
  watch: { since, until, rounds, sent, failed, slowestMs },
}: {
  readonly watch: RunWatchView;
}) {
  const t = useTranslations('diversions.postMortem');
  return (
    <>
      {t('probesSent', { sent, failed })}
      {slowestMs === null ? null : t('slowest', { duration: formatDuration(slowestMs) })}
      {', '}
      {t.rich('watchedFrom', { rounds, from: () => <Time at={since} />, until: () => <Time at={until} /> })}
    </>
  );
}

/** The guards that were breached after the end of a run, and the newest failed probes besides its steps. */
function WatchedEvidence({ watch: { breaches, failures, failed } }: { readonly watch: RunWatchView }) {
  const t = useTranslations('diversions.postMortem');
  const measures = useMeasure();
  const shown = failures.slice(-failuresShown);
  if (breaches.length + shown.length === 0) return null;
  return (
    <div className="text-12">
      <h3 className="text-12 font-semibold break-after-avoid">{t('watchedFailed')}</h3>
      <ul className="mt-1 grid gap-1">
        {breaches.map(({ at, breach: { guard, value }, state }) => (
          <li key={at} className="flex flex-wrap gap-x-3 break-inside-avoid">
            <Time at={at} />
            <span>
              {t('breach', {
                measure: measures.name(guard.measure),
                value: measures.format(guard.measure, value),
                limit: measures.format(guard.measure, guard.limit),
              })}
            </span>
            <span className="text-ink-2">
              <BreachEnd state={state} />
            </span>
          </li>
        ))}
        {shown.map(({ at, name, status, failure, latencyMs }) => (
          <li key={`${at} ${name}`} className="flex flex-wrap gap-x-3 break-inside-avoid">
            <Time at={at} />
            <Mono>{name}</Mono>
            <span>{failure ?? status ?? t('noAnswer')}</span>
            <span className="text-ink-2">{formatDuration(latencyMs)}</span>
          </li>
        ))}
      </ul>
      {failed > shown.length ? (
        <p className="mt-1 text-ink-2">{t('moreFailed', { count: failed - shown.length })}</p>
      ) : null}
    </div>
  );
}

/** The failed probes with their responses: the evidence of what clients could see. */
function FailedProbes({ report: { probes, plan } }: { readonly report: RunReport }) {
  const t = useTranslations('diversions.postMortem');
  const steps = new Map<string, (typeof plan.steps)[number]>(plan.steps.map((step) => [step.id, step]));
  const shown = probes.failed.slice(0, failuresShown);
  return (
    <div className="text-12">
      <h3 className="text-12 font-semibold break-after-avoid">{t('failed')}</h3>
      <ul className="mt-1 grid gap-1">
        {shown.map(({ at, address, status, failure, latencyMs }) => {
          const step = steps.get(address);
          return (
            <li key={`${at} ${address}`} className="flex flex-wrap gap-x-3 break-inside-avoid">
              <Time at={at} />
              <span>{step === undefined ? <Mono>{address}</Mono> : <StepTitle step={step} />}</span>
              <span>{failure ?? status ?? t('noAnswer')}</span>
              <span className="text-ink-2">{formatDuration(latencyMs)}</span>
            </li>
          );
        })}
      </ul>
      {probes.failed.length > shown.length ? (
        <p className="mt-1 text-ink-2">{t('moreFailed', { count: probes.failed.length - shown.length })}</p>
      ) : null}
    </div>
  );
}

/** One write: the object before and after it, when it was done and rolled back, and its request ids. */
function Change({ change: { step, doneAt, rolledBackAt, requestIds } }: { readonly change: ReportedChange }) {
  const t = useTranslations('diversions.postMortem');
  return (
    <li className="grid gap-1 break-inside-avoid text-12">
      <p className="font-medium">
        <StepTitle step={step} />
      </p>
      <p className="flex flex-wrap gap-x-3 text-ink-2">
        <span>{t.rich('doneAt', { time: () => <Time at={doneAt} /> })}</span>
        <span>
          {rolledBackAt === null
            ? t('inEffect')
            : t.rich('rolledBackAt', { time: () => <Time at={rolledBackAt} /> })}
        </span>
        {requestIds.map((requestId) => (
          <Mono key={requestId}>{requestId}</Mono>
        ))}
      </p>
      <StateCompare
        from={{ title: t('before'), state: step.before }}
        to={{ title: t('after'), state: step.after }}
      />
    </li>
  );
}
