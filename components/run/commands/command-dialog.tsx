'use client';

import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { asDomain, DomainConfirm } from '@/components/confirm/domain-confirm';
import { countSteps } from '@/components/steps/step-groups';
import { StepTitle } from '@/components/steps/step-title';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { durationText } from '@/components/ui/duration-text';
import { TextField } from '@/components/ui/forms/text-field';
import type { RunPageView } from '@/lib/contract/run';
import { formatNames } from '@/lib/diversion/format-names';
import { listMovedNames } from '@/lib/diversion/routes';
import { unreachable } from '@/lib/invariant';
import type { Step } from '@/lib/plan/model/model';
import { getFunctionShare } from '@/lib/run/model/function-share';
import type { RunCommand, RunView } from '@/lib/run/model/model';
import { runEffects, undoList } from '@/lib/run/model/run-effects';
import { commandIcons } from './command-icons';
import { wantsDomain } from './run-commands';
import type { Confirm } from './use-run-commands';

/** The server's limit. */
const reasonMax = 500;

type CommandDialogProps = {
  readonly run: RunPageView;
  readonly command: RunCommand;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onConfirm: Confirm;
};

/** Explains what a command will do before it is sent, with a field for the reason. */
export function CommandDialog({ run, command, open, onOpenChange, onConfirm }: CommandDialogProps) {
  const t = useTranslations('run.confirm');
  const describe = useDescription(run);
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const names = listMovedNames(run.plan.diversion);
  const mustType = wantsDomain(run, command);
  const Icon = commandIcons[command];
  const isLast = command === 'rollback' || command === 'leaveAsIs';
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t(`${command}.title`)}
      description={describe(command)}
      icon={<Icon aria-hidden />}
      cancelLabel={t(`${command}.cancel`)}
      action={
        <Button
          variant={isLast ? 'dangerSolid' : 'primary'}
          disabled={mustType && asDomain(typed) !== formatNames(names)}
          onClick={() => onConfirm(command, reason.trim(), mustType ? asDomain(typed) : null)}
        >
          {t(`${command}.now`)}
        </Button>
      }
    >
      {command === 'rollback' ? <UndoPreview run={run} /> : null}
      {command === 'leaveAsIs' ? <StayPreview run={run} /> : null}
      {mustType ? <DomainConfirm names={names} typed={typed} onType={setTyped} error={undefined} /> : null}
      <TextField
        label={t('reason')}
        note={t('reasonNote')}
        value={reason}
        maxLength={reasonMax}
        onType={setReason}
      />
    </Dialog>
  );
}

/** Returns the forecast duration of steps as text. */
function describeTime(steps: readonly Step[]): string {
  const { workS, waitS } = countSteps(steps);
  return durationText(workS + waitS);
}

function useDescription(run: RunView): (command: RunCommand) => string {
  const t = useTranslations('run.confirm');
  const { plan, cutover, direction, state } = run;
  const domain = formatNames(listMovedNames(plan.diversion));
  return (command) => {
    switch (command) {
      case 'pause':
        // T1 ends a pause, which the operator must know before leaving.
        return t('pause.description', {
          t1: (cutover?.t1 ?? null) === null ? 'none' : direction,
        });
      case 'continue':
        return t('continue.description', { state, direction, domain });
      case 'rollback':
        return undoList(run).length === 0
          ? t('rollback.nothing')
          : t('rollback.description', {
              count: listMovedNames(plan.diversion).length,
              share: getFunctionShare(run) ?? 'unknown',
              dns: describeTime(plan.rollback.filter(({ phase }) => phase !== 'drain')),
              clear: describeTime(plan.rollback),
            });
      case 'skipBake':
      case 'replan':
      case 'leaveAsIs':
        return t(`${command}.description`);
      default:
        return unreachable(command);
    }
  };
}

/** The steps of a rollback, closed, and the changes of earlier runs that it leaves. */
function UndoPreview({ run }: { readonly run: RunPageView }) {
  const t = useTranslations('run.confirm.rollback');
  const ids = new Set(undoList(run).map(({ step }) => step.id));
  const unsure = new Set(runEffects(run).unsure.map(({ step }) => step.id));
  const steps = run.plan.rollback.filter(
    (step) => step.kind === 'write' && step.undoes !== null && ids.has(step.undoes),
  );
  const left = run.replaces?.left ?? [];
  if (ids.size === 0) return null;
  return (
    <>
      <details className="text-12">
        <summary className="cursor-pointer font-medium">{t('steps', { count: steps.length })}</summary>
        <StepList>
          {steps.map((step) => (
            <li key={step.id}>
              <StepTitle step={step} />
              {step.kind === 'write' && step.undoes !== null && unsure.has(step.undoes) ? (
                <span className="text-warn-ink"> ({t('unsure')})</span>
              ) : null}
            </li>
          ))}
        </StepList>
      </details>
      {left.length === 0 ? null : (
        <p className="text-12 text-warn-ink">
          {t('left', { runs: left.map(({ runId }) => runId).join(', ') })}
        </p>
      )}
    </>
  );
}

/** The writes that stay in effect if the run ends now. */
function StayPreview({ run }: { readonly run: RunView }) {
  const t = useTranslations('run.confirm.leaveAsIs');
  const { applied, unsure } = runEffects(run);
  const staying = [...applied, ...unsure];
  if (staying.length === 0) return <p className="text-12 text-ink-2">{t('nothing')}</p>;
  return (
    <div className="text-12">
      <h3 className="text-12">{t('stays')}</h3>
      <StepList>
        {staying.map((view) => (
          <li key={view.step.id}>
            <StepTitle step={view.step} />
            {unsure.includes(view) ? <span className="text-warn-ink"> ({t('unsure')})</span> : null}
          </li>
        ))}
      </StepList>
    </div>
  );
}

function StepList({ children }: { readonly children: ReactNode }) {
  return <ol className="mt-1 grid list-decimal gap-0.5 pl-5 text-ink-2">{children}</ol>;
}
