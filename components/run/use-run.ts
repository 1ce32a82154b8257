'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useMessage } from '@/components/ui/use-message';
import type { CommandRunAction, ReplanRunAction } from '@/lib/client/actions';
import { answerOf } from '@/lib/client/answer-of';
import { queryKeys, runQuery } from '@/lib/client/queries';
import type { RunPageView } from '@/lib/client/views';
import { routes } from '@/lib/routes';
import type { RunCommand } from '@/lib/run/model';

/**
 * What became of the last command: it is taken when the run shows another standing than the one it was given in.
 * `unknown`: no answer came, so that it may have been taken or not.
 */
export type CommandState =
  | { readonly state: 'none' }
  | { readonly state: 'sending' | 'asked' | 'unknown'; readonly command: RunCommand }
  | { readonly state: 'refused'; readonly text: string };

export type RunCommander = {
  readonly last: CommandState;
  /** `typedDomain` confirms a Retry on a real account. */
  readonly give: (command: RunCommand, reason: string, typedDomain: string | null) => void;
};

export type RunActions = { readonly commandRun: CommandRunAction; readonly replanRun: ReplanRunAction };

type Given = {
  readonly command: RunCommand;
  readonly reason: string;
  readonly typedDomain: string | null;
  readonly at: string;
};

/** Its beginning is pushed; this is for a push that does not come. */
const askedMs = 5000;

/** Where a run stands, as one text: any change of it means that the worker has moved on. */
function standing(run: RunPageView): string {
  // One bake may follow another before the page has looked.
  const waiting = [...run.apply, ...run.revert].find((view) => view.state === 'waiting')?.step.id ?? '';
  return `${run.state} ${run.direction} ${run.held?.at ?? ''} ${run.refused.length} ${waiting}`;
}

/** Gives a command; a new plan answers with its id, all others are followed on this page. */
async function send(actions: RunActions, runId: string, { command, reason, typedDomain }: Given) {
  if (command !== 'replan') return actions.commandRun({ runId, command, reason, typedDomain });
  return actions.replanRun({ runId, reason });
}

/** Follows a run: fast while it moves or a command is on its way. A failed look keeps the last one on screen. */
export function useRun(initial: RunPageView, actions: RunActions) {
  const message = useMessage('ui.refusal');
  const client = useQueryClient();
  const router = useRouter();
  const base = runQuery(initial.id);
  const sent = useMutation({
    mutationFn: (order: Given) => answerOf(send(actions, initial.id, order)),
    onSuccess: (answer) => {
      if (answer.ok && answer.value !== null) router.push(routes.plan(answer.value.planId));
    },
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.run(initial.id) }),
  });
  const given = sent.variables;
  const mayBeTaken = sent.isError || sent.data?.ok === true;
  const query = useQuery({
    ...base,
    initialData: initial,
    refetchInterval: (current) => {
      if (mayBeTaken && standing(current.state.data ?? initial) === given?.at) return askedMs;
      return typeof base.refetchInterval === 'function' ? base.refetchInterval(current) : false;
    },
  });
  const run = query.data;

  function last(): CommandState {
    if (given === undefined) return { state: 'none' };
    const { command, at } = given;
    if (sent.isPending) return { state: 'sending', command };
    if (mayBeTaken && standing(run) !== at) return { state: 'none' };
    if (sent.isError) return { state: 'unknown', command };
    if (sent.data?.ok !== false) return { state: 'asked', command };
    const { form, fields } = sent.data.error;
    const keys = Object.values(fields).flat();
    return {
      state: 'refused',
      text: form ? message(form.message, form.values) : keys.map((key) => message(key)).join(' '),
    };
  }

  return {
    run,
    readAt: query.dataUpdatedAt,
    isStale: query.isRefetchError,
    command: {
      last: last(),
      give: (command, reason, typedDomain) =>
        sent.mutate({ command, reason, typedDomain, at: standing(run) }),
    } satisfies RunCommander,
  };
}
