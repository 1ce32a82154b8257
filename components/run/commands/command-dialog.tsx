'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { asDomain, DomainConfirm } from '@/components/confirm/domain-confirm';
import { countSteps } from '@/components/steps/step-groups';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextField } from '@/components/ui/forms/text-field';
import type { RunPageView } from '@/lib/contract/run';
import { formatNames } from '@/lib/diversion/format-names';
import { listMovedNames } from '@/lib/diversion/routes';
import { unreachable } from '@/lib/invariant';
import type { RunCommand, RunView } from '@/lib/run/model/model';
import { undoList } from '@/lib/run/model/run-effects';
import { commandIcons } from './command-icons';
import { StayPreview, UndoPreview } from './command-preview';
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
          : t('rollback.description', { domain, wait: countSteps(plan.rollback).waitS });
      case 'skipBake':
      case 'replan':
      case 'leaveAsIs':
        return t(`${command}.description`);
      default:
        return unreachable(command);
    }
  };
}
