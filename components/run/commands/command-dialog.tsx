'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { asDomain, DomainConfirm } from '@/components/confirm/domain-confirm';
import { useEmergencyStop } from '@/components/shell/emergency-stop-provider';
import { usePageActions } from '@/components/shell/palette/page-actions';
import { countSteps } from '@/components/steps/step-groups';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { useAnyKey, useMessage } from '@/components/ui/use-message';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import type { CommandRunAction, ReplanRunAction } from '@/lib/client/actions';
import { checkAnswer } from '@/lib/client/check-answer';
import { queryKeys, runQuery } from '@/lib/client/queries';
import type { RunPageView } from '@/lib/client/views';
import { formatNames } from '@/lib/diversion/format-names';
import { listMovedNames } from '@/lib/diversion/routes';
import { unreachable } from '@/lib/invariant';
import { routes } from '@/lib/routes';
import type { RunCommand, RunView } from '@/lib/run/model/model';
import { undoList } from '@/lib/run/model/run-effects';
import type { RunId } from '@/lib/run/model/run-id';
import { commandIcons } from './command-icons';
import { StayPreview, UndoPreview } from './command-preview';
import { commandKeys, commandOffer, mainOffers, otherOffers, wantsDomain } from './run-commands';

/**
 * The outcome of the last command: it was accepted once the run's state differs from the one in which it was sent.
 * `unknown`: no response arrived, so it may or may not have been accepted.
 */
export type CommandState =
  | { readonly state: 'none' }
  | { readonly state: 'sending' | 'sent' | 'unknown'; readonly command: RunCommand }
  | { readonly state: 'refused'; readonly text: string };

export type RunActions = { readonly commandRun: CommandRunAction; readonly replanRun: ReplanRunAction };

/** Called with the text of the reason; `typedDomain` confirms a Retry on a real account. */
type Confirm = (command: RunCommand, reason: string, typedDomain: string | null) => void;

type SentCommand = {
  readonly command: RunCommand;
  readonly reason: string;
  readonly typedDomain: string | null;
  readonly at: string;
};

/** The polling interval while a command is pending, in case its push is missed. */
const sentMs = 5000;

/** Returns the state of a run as one text: any change means that the worker has progressed. */
function describeState(run: RunPageView): string {
  // One bake may follow another between two polls.
  const waiting = [...run.apply, ...run.revert].find((view) => view.state === 'waiting')?.step.id ?? '';
  return `${run.state} ${run.direction} ${run.held?.at ?? ''} ${run.refused.length} ${waiting}`;
}

/** Sends a command. A re-plan responds with its id; all others are followed on this page. */
async function sendCommand(actions: RunActions, runId: RunId, { command, reason, typedDomain }: SentCommand) {
  if (command !== 'replan') return actions.commandRun({ runId, command, reason, typedDomain });
  return actions.replanRun({ runId, reason });
}

/**
 * Sends commands and tracks the outcome of the last one. While one is pending it polls the run, also where the page
 * polls slowly.
 */
function useSending(run: RunPageView, actions: RunActions) {
  const message = useMessage('ui.refusal');
  const states = useAnyKey('run.state');
  const client = useQueryClient();
  const router = useRouter();
  const sent = useMutation({
    mutationFn: (command: SentCommand) => checkAnswer(sendCommand(actions, run.id, command)),
    onSuccess: (answer) => {
      if (answer.ok && answer.value !== null) router.push(routes.plan(answer.value.planId));
    },
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.run(run.id) }),
  });
  const input = sent.variables;
  const mayBeTaken = sent.isError || sent.data?.ok === true;
  const isSame = input?.at === describeState(run);
  useQuery({ ...runQuery(run.id), enabled: mayBeTaken && isSame, refetchInterval: sentMs });

  function last(): CommandState {
    if (input === undefined) return { state: 'none' };
    const { command } = input;
    if (sent.isPending) return { state: 'sending', command };
    if (mayBeTaken && !isSame) return { state: 'none' };
    if (sent.isError) return { state: 'unknown', command };
    if (sent.data?.ok !== false) return { state: 'sent', command };
    const { form, fields } = sent.data.error;
    const keys = Object.values(fields).flat();
    const { state = '', ...values } = form?.values ?? {};
    // The state has the same name as at the top of the page.
    const named = states.has(String(state)) ? { ...values, state: states(String(state)) } : form?.values;
    return {
      state: 'refused',
      text: form ? message(form.message, named) : keys.map((key) => message(key)).join(' '),
    };
  }

  const send: Confirm = (command, reason, typedDomain) =>
    sent.mutate({ command, reason, typedDomain, at: describeState(run) });
  return { last: last(), send };
}

/**
 * Opens the dialog of a command, by its button or its key, and sends the command once it is confirmed. `count` numbers
 * each opening, so that every dialog starts fresh.
 */
export function useRunCommands(run: RunPageView, actions: RunActions) {
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
  const { last, send } = useSending(run, actions);
  const confirm: Confirm = (command, reason, typedDomain) => {
    setIsOpen(false);
    send(command, reason, typedDomain);
  };
  return { ...shown, isOpen, setIsOpen, show, confirm, last };
}

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
          disabled={mustType && asDomain(typed) !== formatNames(names)}
          onClick={() => onConfirm(command, reason.trim(), mustType ? asDomain(typed) : null)}
        >
          {t(`${command}.now`)}
        </Button>
      }
    >
      {command === 'revert' ? <UndoPreview run={run} /> : null}
      {command === 'abort' ? <StayPreview run={run} /> : null}
      {mustType ? <DomainConfirm names={names} typed={typed} onType={setTyped} error={undefined} /> : null}
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
  const domain = formatNames(listMovedNames(plan.diversion));
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
