import { useFormatter, useTranslations } from 'next-intl';
import { CloudErrorText } from '@/components/cloud-error/cloud-error-text';
import { RunStateMark } from '@/components/run/list/run-state-mark';
import { useMeasure } from '@/components/shell/use-measure';
import { Banner } from '@/components/ui/banner';
import { Person } from '@/components/ui/base/person';
import { signed } from '@/components/ui/base/signed';
import { Mono } from '@/components/ui/copyable';
import { formatDuration } from '@/components/ui/format-time';
import { TextLink } from '@/components/ui/text-link';
import { Time } from '@/components/ui/time';
import type { RunPageView } from '@/lib/contract/run';
import { unreachable } from '@/lib/invariant';
import { useAnyKey } from '@/lib/messages/use-any-key';
import { routes } from '@/lib/routes';
import type { RollbackReason, RunView } from '@/lib/run/model/model';
import { ProblemList } from './problem-list';

type NoticeProps = { readonly run: RunView };
type RunNoticesProps = { readonly run: RunPageView };

/** Commands and scheduled events that explain the run's current state. */
export function RunNotices({ run }: RunNoticesProps) {
  return (
    <>
      <ReplacedNotice run={run} />
      <OutageNotice run={run} />
      <MissedNotice run={run} />
      <StoppedNotice run={run} />
      <RetryingNotice run={run} />
      <BakeNotice run={run} />
      <RollbackNotice run={run} />
      <CheckedNotice run={run} />
      <PrunedNotice run={run} />
    </>
  );
}

/** Reports that a run was re-planned, with the plan that continues from it or would. */
function ReplacedNotice({ run: { state, replacedBy } }: RunNoticesProps) {
  const t = useTranslations('run.replaced');
  if (replacedBy === null) return null;
  const { planId, runId, inEffect, state: now, hasOutage } = replacedBy;
  const plan = () => <TextLink href={routes.plan(planId)}>{planId}</TextLink>;
  if (runId === null) {
    return (
      <Banner title={t.rich('planned', { plan })}>{state === 'stopped' ? t('stillStopped') : null}</Banner>
    );
  }
  return (
    <Banner
      title={t.rich('goesOn', { run: () => <TextLink href={routes.run(runId)}>{runId}</TextLink>, plan })}
    >
      <span className="inline-flex flex-wrap items-center gap-2">
        <RunStateMark state={now} hasOutage={hasOutage} />
        {inEffect === null ? t('free') : t('inEffect', { run: inEffect })}
      </span>
    </Banner>
  );
}

/** The predicted outages that an operator has acknowledged, for as long as the plan may be in effect. */
function OutageNotice({ run: { plan, state } }: NoticeProps) {
  const t = useTranslations('run.notice');
  const check = useAnyKey('preflight.check');
  const { acknowledged } = plan.diversion;
  if (acknowledged.length === 0 || state === 'rolledBack') return null;
  return (
    <Banner tone="warn" title={t('outages', { count: acknowledged.length })}>
      <ul className="list-disc pl-5">
        {acknowledged.map(({ finding, domain, loss }) => (
          <li key={`${finding} ${domain} ${loss}`}>
            {t('outage', { check: check(finding.split('.')[0] ?? finding), domain, loss })}
          </li>
        ))}
      </ul>
    </Banner>
  );
}

/** Shown if T0 was missed and the cutover leaves the decision to a person. */
function MissedNotice({ run: { state, cutover } }: NoticeProps) {
  const t = useTranslations('run.notice');
  if (state !== 'missed' || cutover === null) return null;
  const time = () => <Time at={cutover.t0} zone={cutover.zone} />;
  return (
    <Banner tone="warn" title={t.rich('missed', { time })}>
      {t('missedNote')}
    </Banner>
  );
}

/** The actor that paused it or left it as is, and the reason. */
function StoppedNotice({ run: { stoppedBy, state } }: NoticeProps) {
  const t = useTranslations('run.notice');
  if (stoppedBy === null) return null;
  const { actor, at, reason, isStop } = stoppedBy;
  const paused = isStop ? 'pausedByStop' : 'paused';
  return (
    <Banner
      tone={state === 'paused' ? 'warn' : 'neutral'}
      title={t.rich(state === 'paused' ? paused : 'closed', signed(actor, at))}
    >
      {reason === '' ? null : t('reason', { reason })} {isStop ? t('pausedByStopNote') : null}
    </Banner>
  );
}

/** The step being retried, since when, and how often. */
function RetryingNotice({ run: { retrying, direction, cutover } }: NoticeProps) {
  const t = useTranslations('run.notice.retrying');
  if (retrying === null) return null;
  const { cause, since, everyMs } = retrying;
  const time = () => <Time at={since} />;
  const title =
    cause.kind === 'cloudError'
      ? t.rich('cloudError', { action: cause.error.action, time })
      : t.rich('noAnswer', { address: cause.answer.address, time });
  const returns =
    direction === 'rollback' ? 'rollback' : (cutover?.t1 ?? null) === null ? 'applyStays' : 'apply';
  return (
    <Banner tone="warn" title={title}>
      {t(returns, { seconds: Math.max(1, Math.round(everyMs / 1000)) })}{' '}
      {cause.kind === 'cloudError' ? (
        <CloudErrorText error={cause.error} />
      ) : (
        <Mono>{cause.answer.failure ?? ''}</Mono>
      )}
    </Banner>
  );
}

/**
 * Shown during a bake between two shares that no guard evaluates: the run has no guards, or one has no value. Before T0
 * no traffic has moved that could be measured.
 */
function BakeNotice({ run: { state, direction, apply, rollback, guards, samples } }: NoticeProps) {
  const t = useTranslations('run.notice.bake');
  const measures = useMeasure();
  const format = useFormatter();
  const bake = (direction === 'apply' ? apply : rollback).find(
    ({ state: stepState, step }) =>
      stepState === 'waiting' && step.kind === 'bake' && step.percent !== null && step.phase !== 'prewarm',
  );
  if (state !== 'baking' || bake === undefined) return null;
  const guarded = [...new Set(guards.map(({ measure }) => measure))];
  if (guarded.length === 0)
    return (
      <Banner tone="warn" title={t('unguarded')}>
        {t('unguardedNote')}
      </Banner>
    );
  const since = Date.parse(bake.startedAt ?? '');
  const last = samples.findLast(({ at }) => Date.parse(at) >= since);
  if (last === undefined) return null;
  const unread = guarded.filter((measure) => (last.measures[measure] ?? null) === null);
  if (unread.length === 0) return null;
  return (
    <Banner
      tone="warn"
      title={t.rich('unread', {
        measures: format.list(unread.map((measure) => measures.name(measure))),
        time: () => <Time at={last.at} />,
      })}
    >
      {t(unread.length === guarded.length ? 'unreadAll' : 'unreadSome')}
    </Banner>
  );
}

/** The reason why it is rolling back, or was rolled back. */
function RollbackNotice({ run: { rollbackReason: rollback } }: NoticeProps) {
  const t = useTranslations('run.notice');
  if (rollback === null) return null;
  const { why, at } = rollback;
  const values = {
    actor: () => (why.kind === 'command' ? <Person address={why.actor} at={at} /> : null),
    late: why.kind === 'missedT0' ? formatDuration(why.lateMs) : '',
    time: () => <Time at={at} />,
  };
  const isCalm = why.kind === 'T1' || why.kind === 'command';
  return (
    <Banner tone={isCalm ? 'neutral' : 'warn'} title={t.rich(`rollback.${why.kind}`, values)}>
      <TurnDetail why={why} />
    </Banner>
  );
}

function TurnDetail({ why }: { readonly why: RollbackReason }) {
  const t = useTranslations('run.notice');
  const measures = useMeasure();
  switch (why.kind) {
    case 'command':
      return why.reason === '' ? null : t('reason', { reason: why.reason });
    case 'guard': {
      const { guard, value } = why.breach;
      return t('breach', {
        measure: measures.name(guard.measure),
        value: measures.format(guard.measure, value),
        limit: measures.format(guard.measure, guard.limit),
        seconds: guard.forS,
      });
    }
    case 'missedT0':
      return why.notReady === undefined ? null : t('notReady', { found: why.notReady });
    case 'T1':
      return null;
    default:
      return unreachable(why);
  }
}

/** Problems that only a new plan solves, unless the estate changes again. */
const planProblems: ReadonlySet<string> = new Set(['outdated', 'blocked', 'otherPlan']);

/** The result of the last re-validation of a waiting plan. */
function CheckedNotice({ run: { checked, state, diversionId, connectionId } }: RunNoticesProps) {
  const t = useTranslations('run.notice');
  if (checked === null || (state !== 'scheduled' && state !== 'ready')) return null;
  const toEditor = routes.newDiversion(connectionId, { diversion: diversionId });
  const time = () => <Time at={checked.at} />;
  if (checked.problems.length === 0) return <Banner title={t.rich('clear', { time })} />;
  return (
    <Banner tone="warn" title={t('problems', { count: checked.problems.length })}>
      {t.rich('problemsAt', { time })}
      <ProblemList problems={checked.problems} />
      {checked.problems.some(({ kind }) => planProblems.has(kind))
        ? t.rich('planAgain', {
            diversion: () => <TextLink href={toEditor}>{diversionId}</TextLink>,
          })
        : null}
    </Banner>
  );
}

/** The details that were removed because of their age, when, and by which setting. */
function PrunedNotice({ run: { prunedAt } }: RunNoticesProps) {
  const t = useTranslations('run.notice.pruned');
  if (prunedAt === null) return null;
  return (
    <Banner title={t.rich('title', { time: () => <Time at={prunedAt} /> })}>
      {t('text', { setting: 'SPILLWAY_JOURNAL_DAYS' })}
    </Banner>
  );
}
