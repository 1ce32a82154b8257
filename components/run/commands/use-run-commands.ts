'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useEmergencyStop } from '@/components/shell/emergency-stop-provider';
import { usePageActions } from '@/components/shell/palette/page-actions';
import { useLateFailure } from '@/components/shell/use-action';
import { useMessage } from '@/components/ui/use-message';
import { useShortcuts } from '@/components/ui/use-shortcuts';
import { checkAnswer } from '@/lib/client/check-answer';
import { runQuery } from '@/lib/client/page-queries';
import { queryKeys } from '@/lib/client/queries';
import { useMay } from '@/lib/client/session/rights';
import type { CommandRunAction, ReplanRunAction, RunPageView } from '@/lib/contract/run';
import { useAnyKey } from '@/lib/messages/use-any-key';
import { routes } from '@/lib/routes';
import type { RunCommand } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { commandIcons } from './command-icons';
import { commandKeys, listCommands } from './run-commands';

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
export type Confirm = (command: RunCommand, reason: string, typedDomain: string | null) => void;

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
  const waiting = [...run.apply, ...run.rollback].find((view) => view.state === 'waiting')?.step.id ?? '';
  return `${run.state} ${run.direction} ${run.stopped?.at ?? ''} ${run.refused.length} ${waiting}`;
}

/** Sends a command. A re-plan responds with its id; all others are followed on this page. */
async function sendCommand(actions: RunActions, runId: RunId, { command, reason, typedDomain }: SentCommand) {
  if (command !== 'replan') return actions.commandRun({ runId, command, reason, typedDomain });
  return actions.replanRun({ runId, reason });
}

/**
 * Sends commands and tracks the outcome of the last one. While one is pending it polls the run, even if the page polls
 * slowly.
 */
function useSending(run: RunPageView, actions: RunActions) {
  const message = useMessage('ui.refusal');
  const states = useAnyKey('run.state');
  const client = useQueryClient();
  const router = useRouter();
  const { onMutate, reportIfLeft } = useLateFailure('ui.refusal');
  const sent = useMutation({
    mutationFn: (command: SentCommand) => checkAnswer(sendCommand(actions, run.id, command)),
    onMutate,
    onSuccess: (answer, _command, { isHere }) => {
      if (answer.ok && answer.value !== null && isHere()) router.push(routes.plan(answer.value.planId));
    },
    onSettled: (answer, _error, _command, sentFrom) => {
      reportIfLeft(answer, sentFrom);
      return client.invalidateQueries({ queryKey: queryKeys.run(run.id) });
    },
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
 * Opens the dialog of a command, by its button or its key, and sends the command when it is confirmed. `count` numbers
 * each opening, so that every dialog starts with its initial state.
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
  const mayCommand = useMay('operate');
  const { main, others } = mayCommand ? listCommands(run, isPaused) : { main: [], others: [] };
  const byKey = (command: RunCommand) => () => {
    if (!isOpen && main.includes(command)) show(command);
  };
  const t = useTranslations('run');
  usePageActions(
    [...main, ...others].map((command) => ({
      id: command,
      label: t(`command.${command}`),
      ...(commandKeys[command] === undefined ? {} : { keys: commandKeys[command] }),
      whyNot: null,
      act: () => show(command),
      ...(others.includes(command) ? { menuIcon: commandIcons[command] } : {}),
    })),
  );
  useShortcuts({ P: byKey('pause'), 'Shift+R': byKey('rollback') });
  const { last, send } = useSending(run, actions);
  const confirm: Confirm = (command, reason, typedDomain) => {
    setIsOpen(false);
    send(command, reason, typedDomain);
  };
  return { ...shown, isOpen, setIsOpen, show, confirm, last, main };
}

export type RunCommands = ReturnType<typeof useRunCommands>;
