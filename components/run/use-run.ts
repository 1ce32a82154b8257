'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMessage } from '@/components/ui/use-message';
import type { CommandRunAction } from '@/lib/client/actions';
import { answerOf } from '@/lib/client/answer-of';
import { queryKeys, runQuery } from '@/lib/client/queries';
import type { RunCommand, RunView } from '@/lib/run/model';

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
  readonly give: (command: RunCommand, typedDomain?: string) => void;
};

type Given = { readonly command: RunCommand; readonly typedDomain: string | null; readonly at: string };

const askedMs = 1000;

/** Where a run stands, as one text: any change of it means that the worker has moved on. */
function standing(run: RunView): string {
  return `${run.state} ${run.direction} ${run.held?.at ?? ''}`;
}

/** Follows a run: fast while it moves or a command is on its way. A failed look keeps the last one on screen. */
export function useRun(initial: RunView, commandRun: CommandRunAction) {
  const message = useMessage('ui.refusal');
  const client = useQueryClient();
  const base = runQuery(initial.id);
  const sent = useMutation({
    mutationFn: ({ command, typedDomain }: Given) =>
      answerOf(commandRun({ runId: initial.id, command, typedDomain })),
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
      give: (command, typedDomain) =>
        sent.mutate({ command, typedDomain: typedDomain ?? null, at: standing(run) }),
    } satisfies RunCommander,
  };
}
