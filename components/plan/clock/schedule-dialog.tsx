'use client';

import { useQuery } from '@tanstack/react-query';
import { CalendarClock, LoaderCircle } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { FindingTexts } from '@/components/findings/finding-text';
import { ReasonField } from '@/components/shell/reason-field';
import { phaseLook } from '@/components/steps/phase-look';
import { Callout } from '@/components/ui/banner';
import { classes } from '@/components/ui/classes';
import { durationText } from '@/components/ui/duration-text';
import { Time, useViewerZone } from '@/components/ui/time';
import { useMessage } from '@/components/ui/use-message';
import { clockChecksQuery, scheduleQuery } from '@/lib/client/page-queries';
import type { ApplyPlanAction } from '@/lib/contract/plan';
import type { RescheduleAction } from '@/lib/contract/run';
import type { Cutover } from '@/lib/diversion/cutover';
import { formatNames } from '@/lib/diversion/format-names';
import { type MeasureLags, trafficLags } from '@/lib/diversion/guard-lag';
import { listMovedNames } from '@/lib/diversion/routes';
import type { PlanId } from '@/lib/plan/model/model';
import { forecastSeconds } from '@/lib/plan/model/timeline';
import { type ApprovalCount, isUnapproved } from '@/lib/policy/approval';
import { stops } from '@/lib/preflight/model/stops';
import type { RunId } from '@/lib/run/model/run-id';
import { type CutoverDraft, draftCutover, firstDraft, toCutover } from './cutover-draft';
import { CutoverFields } from './cutover-fields';
import { freezesMet, type PhaseTime, phaseTimes } from './phase-times';
import { SubmitDialog } from './submit-dialog';
import { type Apply, type ApplyView, useApply } from './use-apply';

type ScheduleDialogProps = {
  readonly view: ApplyView;
  readonly applyPlan: ApplyPlanAction;
  readonly onClose: () => void;
};

/** Schedules a plan. Mount it to open it: its initial values are those of that moment. */
export function ScheduleDialog({ view, applyPlan, onClose }: ScheduleDialogProps) {
  const zone = useViewerZone();
  const apply = useApply<Cutover>(view, (input) => applyPlan({ planId: view.id, hash: view.hash, ...input }));
  const first = (lags: MeasureLags) => firstDraft(view.plan, view.policy, lags, Date.now(), zone);
  const { count } = view.approvals;
  return (
    <ClockDialog words="schedule" {...{ view, apply, first, onClose }}>
      {isUnapproved(count) ? <Unapproved count={count} /> : null}
    </ClockDialog>
  );
}

type RescheduleDialogProps = {
  readonly view: ApplyView;
  readonly runId: RunId;
  readonly current: Cutover;
  readonly rescheduleRun: RescheduleAction;
  readonly onClose: () => void;
};

/** Changes the times of a scheduled run that has not begun. */
export function RescheduleDialog({ view, runId, current, rescheduleRun, onClose }: RescheduleDialogProps) {
  const t = useTranslations('plan.reschedule');
  const message = useMessage('ui.refusal');
  const [reason, setReason] = useState('');
  const apply = useApply<Cutover>(view, (input) => rescheduleRun({ runId, reason, ...input }));
  const { count } = view.approvals;
  const error = apply.errorKeys('reason', reason)?.[0];
  return (
    <ClockDialog
      words="reschedule"
      first={() => draftCutover(view.plan, current)}
      {...{ view, apply, onClose }}
    >
      <ReasonField
        reason={reason}
        onType={setReason}
        error={error === undefined ? undefined : message(error)}
      />
      <p className="text-12 text-ink-2">{t('approvalsStay', { given: count.given, needed: count.needed })}</p>
      {isUnapproved(count) ? <Unapproved count={count} /> : null}
    </ClockDialog>
  );
}

/** Warns that the run will be stopped unless its plan gets the missing approvals. */
function Unapproved({ count }: { readonly count: ApprovalCount }) {
  const t = useTranslations('plan.schedule');
  return (
    <Callout tone="warn" title={t('unapproved', { given: count.given, needed: count.needed })}>
      {t('unapprovedNote')}
    </Callout>
  );
}

type ClockDialogProps = {
  readonly view: ApplyView;
  readonly apply: Apply & { readonly submit: (cutover: Cutover) => void };
  readonly words: 'schedule' | 'reschedule';
  /** Returns the initial values. */
  readonly first: (lags: MeasureLags) => CutoverDraft;
  readonly onClose: () => void;
  /** Shown below the times. */
  readonly children: ReactNode;
};

/** The form of a plan's times, with their consequences. */
function ClockDialog({ view, apply, words, first, onClose, children }: ClockDialogProps) {
  const t = useTranslations('plan.schedule');
  const message = useMessage('ui.refusal');
  const format = useFormatter();
  const { plan, policy, figureIntervals } = view;
  const lags = trafficLags(view.traffic, figureIntervals);
  const sources = { ...figureIntervals, kind: plan.diversion.kind };
  const [draft, setDraft] = useState(() => first(lags));
  const [isJudged, setIsJudged] = useState(false);
  const { data: schedule } = useQuery(scheduleQuery());
  const cutover = toCutover(draft, lags, sources);
  const frozen = cutover.ok ? freezesMet(plan, cutover.value.t0, schedule?.freezes ?? []) : [];
  const errors = isJudged && !cutover.ok ? cutover.error : {};
  const domain = formatNames(listMovedNames(plan.diversion));
  return (
    <SubmitDialog
      {...{ view, apply, words }}
      size="wide"
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      icon={<CalendarClock aria-hidden />}
      description={t(`description.${plan.diversion.kind}`, { domain, connection: view.connection.name })}
      onConfirm={() => {
        setIsJudged(true);
        if (cutover.ok) apply.submit(cutover.value);
      }}
    >
      <CutoverFields
        draft={draft}
        usualGuards={policy.guards}
        lags={lags}
        sources={sources}
        onChange={(part) => setDraft((before) => ({ ...before, ...part }))}
        errorOf={(path, value) => {
          const field = `cutover.${path}`;
          const keys = errors[field] ?? apply.errorKeys(field, value);
          return keys?.map((key) => message(key)).join(' ');
        }}
        prewarmAsked={plan.diversion.prewarmS === undefined ? null : durationText(plan.diversion.prewarmS)}
        prewarmForecast={durationText(Math.ceil(forecastSeconds(plan.steps, ['prewarm']) / 1000))}
      />
      {cutover.ok ? <PhaseTimeline times={phaseTimes(plan, cutover.value)} zone={draft.zone} /> : null}
      {frozen.length === 0 ? null : (
        <Callout tone="warn" title={t('frozen', { freezes: format.list(frozen.map(({ name }) => name)) })}>
          {t('frozenNote')}
        </Callout>
      )}
      {cutover.ok ? <ClockFindings planId={view.id} cutover={cutover.value} /> : null}
      {children}
    </SubmitDialog>
  );
}

type PhaseTimelineProps = { readonly times: readonly PhaseTime[]; readonly zone: string };

/**
 * Returns the flex-grow of a phase. Widths are proportional to the square root of the duration, so that phases of
 * seconds are visible beside long ones.
 */
function growth({ from, to }: PhaseTime): number {
  return to === null ? 60 : Math.sqrt(Math.max(1, (to - from) / 1000));
}

/** The phases of a cutover as one bar, with the start of each. */
function PhaseTimeline({ times, zone }: PhaseTimelineProps) {
  const t = useTranslations('plan');
  return (
    <section aria-label={t('schedule.timeline')} className="grid gap-2">
      <div aria-hidden className="flex h-4.5 overflow-hidden rounded-sm">
        {times.map((time) => (
          <span
            key={time.phase}
            className={classes('min-w-2', phaseLook[time.phase])}
            style={{ flexGrow: growth(time) }}
          />
        ))}
      </div>
      <ol className="grid gap-x-6 gap-y-1 text-12 md:grid-cols-2">
        {times.map(({ phase, from }) => (
          <li key={phase} className="flex items-center gap-1.5">
            <span aria-hidden className={classes('h-2.5 w-3.5 shrink-0 rounded-[1px]', phaseLook[phase])} />
            <span className="text-ink-2">{t(`phase.${phase}`)}</span>
            <span className="ml-auto">
              <Time at={new Date(from).toISOString()} pageZone={zone} />
            </span>
          </li>
        ))}
      </ol>
      {times.at(-1)?.to === null ? <p className="text-12 text-ink-2">{t('schedule.staysNote')}</p> : null}
    </section>
  );
}

type ClockFindingsProps = { readonly planId: PlanId; readonly cutover: Cutover };

/** Findings against a plan at the chosen times, in addition to those of its review. */
function ClockFindings({ planId, cutover }: ClockFindingsProps) {
  const t = useTranslations('plan.schedule');
  // Findings of other times are not shown: they may not hold at these.
  const { data, isError, isPending } = useQuery(clockChecksQuery(planId, cutover));
  const findings = data?.findings ?? [];
  const stopping = findings.filter(stops);
  const others = findings.filter((finding) => !stops(finding));
  return (
    <>
      {isPending ? (
        <p role="status" aria-busy className="flex items-center gap-1.5 text-12 text-ink-2">
          <LoaderCircle aria-hidden className="size-3.5 animate-spin" />
          {t('checking')}
        </p>
      ) : null}
      {isError ? <Callout tone="warn" title={t('checksUnread')} /> : null}
      {stopping.length === 0 ? null : (
        <Callout tone="bad" title={t('blockedThen', { count: stopping.length })}>
          <FindingTexts findings={stopping} />
        </Callout>
      )}
      {others.length === 0 ? null : (
        <Callout tone="warn" title={t('moreFindings', { count: others.length })}>
          <FindingTexts findings={others} />
        </Callout>
      )}
    </>
  );
}
