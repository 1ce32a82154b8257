'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { CalendarClock } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { FindingTexts } from '@/components/findings/finding-text';
import { phaseLook } from '@/components/steps/phase-head';
import { Callout } from '@/components/ui/banner';
import { classes } from '@/components/ui/classes';
import { durationText } from '@/components/ui/duration-text';
import { Time, useViewerZone } from '@/components/ui/time';
import { useMessage } from '@/components/ui/use-message';
import type { ApplyPlanAction } from '@/lib/client/actions';
import { clockChecksQuery, scheduleQuery } from '@/lib/client/queries';
import type { PlanView } from '@/lib/client/views';
import type { Cutover } from '@/lib/diversion/cutover';
import { movedDomain } from '@/lib/diversion/diversion';
import { trafficLags } from '@/lib/diversion/guard-lag';
import type { PlanId } from '@/lib/plan/model/model';
import { forecastSeconds } from '@/lib/plan/model/timeline';
import { isUnapproved } from '@/lib/policy/approval';
import { stops } from '@/lib/preflight/preflight';
import { firstDraft, toCutover } from './cutover-draft';
import { CutoverFields } from './cutover-fields';
import { freezesMet, type PhaseTime, phaseTimes } from './phase-times';
import { SubmitDialog } from './submit-dialog';
import { useApply } from './use-apply';

type ScheduleDialogProps = {
  readonly view: PlanView;
  readonly applyPlan: ApplyPlanAction;
  readonly onClose: () => void;
};

/** Schedules a plan. Mount it to open it: its initial values are those of that moment. */
export function ScheduleDialog({ view, applyPlan, onClose }: ScheduleDialogProps) {
  const t = useTranslations('plan.schedule');
  const message = useMessage('ui.refusal');
  const format = useFormatter();
  const { plan, policy } = view;
  const viewerZone = useViewerZone();
  const lags = trafficLags(view.traffic?.readings ?? []);
  const [draft, setDraft] = useState(() => firstDraft(plan, policy, lags, Date.now(), viewerZone));
  const [isJudged, setIsJudged] = useState(false);
  const apply = useApply(view, applyPlan);
  const { data: schedule } = useQuery(scheduleQuery());
  const cutover = toCutover(draft, lags);
  const frozen = cutover.ok ? freezesMet(plan, cutover.value.t0, schedule?.freezes ?? []) : [];
  const errors = { ...apply.error?.fields, ...(isJudged && !cutover.ok ? cutover.error : {}) };
  const domain = movedDomain(plan.diversion);
  return (
    <SubmitDialog
      {...{ view, apply }}
      words="schedule"
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
        onChange={(part) => setDraft((before) => ({ ...before, ...part }))}
        errorOf={(path) => {
          const keys = errors[`cutover.${path}`];
          return keys?.map((key) => message(key)).join(' ');
        }}
        prewarmForecast={durationText(Math.ceil(forecastSeconds(plan.steps, ['prewarm']) / 1000))}
      />
      {cutover.ok ? <PhaseTimeline times={phaseTimes(plan, cutover.value)} zone={draft.zone} /> : null}
      {frozen.length === 0 ? null : (
        <Callout tone="warn" title={t('frozen', { freezes: format.list(frozen.map(({ name }) => name)) })}>
          {t('frozenNote')}
        </Callout>
      )}
      {cutover.ok ? <ClockFindings planId={view.id} cutover={cutover.value} /> : null}
      {isUnapproved(view.approvals.count) ? (
        <Callout tone="warn" title={t('unapproved', view.approvals.count)}>
          {t('unapprovedNote')}
        </Callout>
      ) : null}
    </SubmitDialog>
  );
}

type PhaseTimelineProps = { readonly times: readonly PhaseTime[]; readonly zone: string };

/**
 * Returns the flex-grow of a phase. Long phases would leave no room for those of seconds, so widths grow with the
 * square root of the duration.
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
              <Time at={new Date(from).toISOString()} zone={zone} />
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
  const { data } = useQuery({ ...clockChecksQuery(planId, cutover), placeholderData: keepPreviousData });
  const findings = data?.findings ?? [];
  const stopping = findings.filter(stops);
  const others = findings.filter((finding) => !stops(finding));
  return (
    <>
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
