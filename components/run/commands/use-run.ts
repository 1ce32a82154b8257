'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useAnyKey, useMessage } from '@/components/ui/use-message';
import type { CommandRunAction, ReplanRunAction } from '@/lib/client/actions';
import { checkAnswer } from '@/lib/client/check-answer';
import { queryKeys, runQuery } from '@/lib/client/queries';
import type { RunPageView } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import type { RunCommand, RunId } from '@/lib/run/model/model';

/**
 * The outcome of the last command: it was accepted once the run's state differs from the one in which it was sent.
 * `unknown`: no response arrived, so it may or may not have been accepted.
 */
export type CommandState =
  | { readonly state: 'none' }
  | { readonly state: 'sending' | 'sent' | 'unknown'; readonly command: RunCommand }
  | { readonly state: 'refused'; readonly text: string };

export type RunCommander = {
  readonly last: CommandState;
  /** `typedDomain` confirms a Retry on a real account. */
  readonly send: (command: RunCommand, reason: string, typedDomain: string | null) => void;
};

export type RunActions = { readonly commandRun: CommandRunAction; readonly replanRun: ReplanRunAction };

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
async function send(actions: RunActions, runId: RunId, { command, reason, typedDomain }: SentCommand) {
  if (command !== 'replan') return actions.commandRun({ runId, command, reason, typedDomain });
  return actions.replanRun({ runId, reason });
}

/**
 * Follows a run, polling faster while it progresses or a command is pending. A failed poll keeps the last data on
 * screen.
 */
export function useRun(initial: RunPageView, actions: RunActions) {
  const message = useMessage('ui.refusal');
  const states = useAnyKey('run.state');
  const client = useQueryClient();
  const router = useRouter();
  const base = runQuery(initial.id);
  const sent = useMutation({
    mutationFn: (command: SentCommand) => checkAnswer(send(actions, initial.id, command)),
    onSuccess: (answer) => {
      if (answer.ok && answer.value !== null) router.push(routes.plan(answer.value.planId));
    },
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.run(initial.id) }),
  });
  const input = sent.variables;
  const mayBeTaken = sent.isError || sent.data?.ok === true;
  const query = useQuery({
    ...base,
    initialData: initial,
    refetchInterval: (current) => {
      if (mayBeTaken && describeState(current.state.data ?? initial) === input?.at) return sentMs;
      return typeof base.refetchInterval === 'function' ? base.refetchInterval(current) : false;
    },
  });
  const run = query.data;

  function last(): CommandState {
    if (input === undefined) return { state: 'none' };
    const { command, at } = input;
    if (sent.isPending) return { state: 'sending', command };
    if (mayBeTaken && describeState(run) !== at) return { state: 'none' };
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

  return {
    run,
    readAt: query.dataUpdatedAt,
    isStale: query.isRefetchError,
    command: {
      last: last(),
      send: (command, reason, typedDomain) =>
        sent.mutate({ command, reason, typedDomain, at: describeState(run) }),
    } satisfies RunCommander,
  };
}
