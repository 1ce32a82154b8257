'use client';

import { useQuery } from '@tanstack/react-query';
import { CalendarClock } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { Callout } from '@/components/ui/banner';
import { durationText } from '@/components/ui/duration-text';
import { useViewerZone } from '@/components/ui/time';
import { useMessage } from '@/components/ui/use-message';
import type { ApplyPlanAction } from '@/lib/client/actions';
import { scheduleQuery } from '@/lib/client/queries';
import type { PlanView } from '@/lib/client/views';
import { trafficLags } from '@/lib/diversion/guard-lag';
import { movedDomain } from '@/lib/diversion/moved-domain';
import { forecastSeconds } from '@/lib/plan/model/timeline';
import { isUnapproved } from '@/lib/policy/approval';
import { ClockFindings } from './clock-findings';
import { firstDraft, toCutover } from './cutover-draft';
import { CutoverFields } from './cutover-fields';
import { HandOverDialog } from './hand-over-dialog';
import { PhaseTimeline } from './phase-timeline';
import { freezesMet, phaseTimes } from './phase-times';
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
    <HandOverDialog
      {...{ view, apply }}
      words="schedule"
      size="wide"
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      icon={<CalendarClock aria-hidden />}
      description={t('description', { domain, connection: view.connection.name })}
      onGive={() => {
        setIsJudged(true);
        if (cutover.ok) apply.give(cutover.value);
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
    </HandOverDialog>
  );
}
