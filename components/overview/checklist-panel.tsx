'use client';

import { useQueryClient } from '@tanstack/react-query';
import { Circle, CircleCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ActionFailure } from '@/components/shell/action-failure';
import { useAction } from '@/components/shell/use-action';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { TextLink } from '@/components/ui/text-link';
import { queryKeys } from '@/lib/client/queries';
import { useMay } from '@/lib/client/session/rights';
import {
  type ChecklistStep,
  type ChecklistView,
  checklistSteps,
  type ShowChecklistAction,
} from '@/lib/contract/overview';
import { routes } from '@/lib/routes';

type ChecklistPanelProps = {
  readonly checklist: ChecklistView;
  readonly showChecklist: ShowChecklistAction;
};

/** Returns the page on which a step is done; null = no account yet. */
function getStepHref(
  step: ChecklistStep,
  { connectionId, routeNode, splitRunId }: ChecklistView,
): string | null {
  if (connectionId === null) return null;
  switch (step) {
    case 'sync':
      return routes.estate(connectionId);
    case 'route':
      return routeNode === null ? routes.estate(connectionId) : routes.estateNode(connectionId, routeNode);
    case 'split':
      return routes.newDiversion(connectionId, { kind: 'split' });
    case 'rollback':
      return splitRunId === null ? routes.diversions() : routes.run(splitRunId);
  }
}

/** The first steps with Spillway, each ticked from stored data, until they are dismissed or the first rollback. */
export function ChecklistPanel({ checklist, showChecklist }: ChecklistPanelProps) {
  const t = useTranslations('overview.checklist');
  const mayOperate = useMay('operate');
  const client = useQueryClient();
  const showing = useAction(showChecklist, () =>
    client.invalidateQueries({ queryKey: queryKeys.overview() }),
  );
  if (checklist.done.rollback) return null;
  if (checklist.dismissed !== null)
    return mayOperate ? (
      <div className="flex flex-wrap items-center gap-2">
        <Button size="sm" busy={showing.isBusy} onClick={() => showing.send({ isShown: true })}>
          {t('resume')}
        </Button>
        <ActionFailure action={showing} />
      </div>
    ) : null;
  return (
    <Panel
      title={t('title')}
      flush
      aside={
        mayOperate ? (
          <Button size="sm" busy={showing.isBusy} onClick={() => showing.send({ isShown: false })}>
            {t('dismiss')}
          </Button>
        ) : null
      }
    >
      <ActionFailure action={showing} />
      <ol className="divide-y divide-line">
        {checklistSteps.map((step) => (
          <Step
            key={step}
            step={step}
            isDone={checklist.done[step]}
            href={step === 'split' && !mayOperate ? null : getStepHref(step, checklist)}
          />
        ))}
      </ol>
    </Panel>
  );
}

type StepProps = { readonly step: ChecklistStep; readonly isDone: boolean; readonly href: string | null };

function Step({ step, isDone, href }: StepProps) {
  const t = useTranslations('overview.checklist');
  const Icon = isDone ? CircleCheck : Circle;
  const name = t(`step.${step}`);
  return (
    <li className="flex flex-wrap items-center gap-x-2.5 px-4 py-2">
      <Icon
        role="img"
        aria-label={t(isDone ? 'done' : 'open')}
        className={isDone ? 'size-4 text-ok' : 'size-4 text-ink-3'}
      />
      {href === null ? (
        <strong className="font-semibold">{name}</strong>
      ) : (
        <TextLink href={href}>{name}</TextLink>
      )}
    </li>
  );
}
