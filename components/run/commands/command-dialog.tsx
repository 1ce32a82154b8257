'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { asDomain, DomainConfirm } from '@/components/confirm/domain-confirm';
import { useEmergencyStop } from '@/components/shell/emergency-stop-provider';
import { usePageActions } from '@/components/shell/palette/page-actions';
import { countSteps } from '@/components/steps/step-groups';
import { StepTitle } from '@/components/steps/step-title';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import type { RunPageView } from '@/lib/client/views';
import { movedDomain } from '@/lib/diversion/diversion';
import { unreachable } from '@/lib/invariant';
import type { RunCommand, RunView, StepView } from '@/lib/run/model/model';
import { runEffects, undoList } from '@/lib/run/model/run-effects';
import { commandIcons } from './command-icons';
import { commandKeys, commandOffer, mainOffers, otherOffers, wantsDomain } from './run-commands';

/**
 * Tracks the command whose dialog is open, by its button or its key. `count` numbers each opening, so that every dialog
 * starts fresh.
 */
export function useCommandDialog(run: RunPageView) {
  const [shown, setShown] = useState<{ command: RunCommand | null; count: number }>({
    command: null,
    count: 0,
  });
  const [isOpen, setIsOpen] = useState(false);
  const isPaused = (useEmergencyStop()?.stop ?? null) !== null;
  const show = (command: RunCommand) => {
    setShown({ command, count: shown.count + 1 });
    setIsOpen(true);
  };
  const byKey = (command: RunCommand) => () => {
    if (!isOpen && commandOffer(run, command, { isPaused }).can) show(command);
  };
  const t = useTranslations('run');
  const context = { isPaused };
  usePageActions(
    [...mainOffers(run, context), ...otherOffers(run, context)].map((offer) => ({
      id: offer.command,
      label: t(`command.${offer.command}`),
      ...(commandKeys[offer.command] === undefined ? {} : { keys: commandKeys[offer.command] }),
      whyNot: offer.can ? null : t(`off.${offer.why}`),
      act: () => show(offer.command),
    })),
  );
  useShortcuts({ P: byKey('pause'), 'Shift+R': byKey('revert') });
  return { ...shown, isOpen, setIsOpen, show };
}

/** The server's limit. */
const reasonMax = 500;

type CommandDialogProps = {
  readonly run: RunPageView;
  readonly command: RunCommand;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onConfirm: (command: RunCommand, reason: string, typedDomain: string | null) => void;
};

/** Explains what a command will do before it is sent, with a field for the reason. */
export function CommandDialog({ run, command, open, onOpenChange, onConfirm }: CommandDialogProps) {
  const t = useTranslations('run.confirm');
  const describe = useDescription(run);
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const domain = movedDomain(run.plan.diversion);
  const mustType = wantsDomain(run, command);
  const Icon = commandIcons[command];
  const isLast = command === 'revert' || command === 'abort';
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
          disabled={mustType && asDomain(typed) !== domain}
          onClick={() => onConfirm(command, reason.trim(), mustType ? asDomain(typed) : null)}
        >
          {t(`${command}.now`)}
        </Button>
      }
    >
      {command === 'revert' ? <UndoPreview run={run} /> : null}
      {command === 'abort' ? <StayPreview run={run} /> : null}
      {mustType ? <DomainConfirm domain={domain} typed={typed} onType={setTyped} error={undefined} /> : null}
      <Field label={t('reason')} note={t('reasonNote')}>
        {(control) => (
          <Input
            {...control}
            value={reason}
            maxLength={reasonMax}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
    </Dialog>
  );
}

function useDescription(run: RunView): (command: RunCommand) => string {
  const t = useTranslations('run.confirm');
  const { plan, cutover, direction, state } = run;
  const domain = movedDomain(plan.diversion);
  return (command) => {
    switch (command) {
      case 'pause':
        // T1 ends a pause, which the operator must know before leaving.
        return t('pause.description', {
          t1: (cutover?.t1 ?? null) === null ? 'none' : direction,
        });
      case 'resume':
        return t('resume.description', { state, domain });
      case 'retry':
        return t('retry.description', { direction, domain });
      case 'revert':
        return undoList(run).length === 0
          ? t('revert.nothing')
          : t('revert.description', { domain, wait: countSteps(plan.revert).waitS });
      case 'skipBake':
      case 'hold':
      case 'replan':
      case 'abort':
        return t(`${command}.description`);
      default:
        return unreachable(command);
    }
  };
}

/** The writes that a rollback undoes, newest first. */
function UndoPreview({ run }: { readonly run: RunPageView }) {
  const t = useTranslations('run.confirm.revert');
  const undone = undoList(run);
  if (undone.length === 0) return null;
  const left = run.replaces?.left ?? [];
  return (
    <>
      <CommandStepList
        title={t('undone')}
        views={undone}
        unsure={runEffects(run).unsure}
        unsureNote={t('unsure')}
      />
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
  const t = useTranslations('run.confirm.abort');
  const { applied, unsure } = runEffects(run);
  const staying = [...applied, ...unsure];
  if (staying.length === 0) return <p className="text-12 text-ink-2">{t('nothing')}</p>;
  return <CommandStepList title={t('stays')} views={staying} unsure={unsure} unsureNote={t('unsure')} />;
}

type StepListProps = {
  readonly title: string;
  readonly views: readonly StepView[];
  /** The steps among them whose effect is unknown, and the note about them. */
  readonly unsure: readonly StepView[];
  readonly unsureNote: string;
};

/** The steps that a command affects, listed in its dialog before it is sent. */
function CommandStepList({ title, views, unsure, unsureNote }: StepListProps) {
  return (
    <div className="text-12">
      <h3 className="text-12">{title}</h3>
      <ol className="mt-1 grid list-decimal gap-0.5 pl-5 text-ink-2">
        {views.map((view) => (
          <li key={view.step.id}>
            <StepTitle step={view.step} />
            {unsure.includes(view) ? <span className="text-warn-ink"> ({unsureNote})</span> : null}
          </li>
        ))}
      </ol>
    </div>
  );
}
