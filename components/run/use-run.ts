'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMessage } from '@/components/ui/use-message';
import type { CommandRunAction } from '@/lib/client/actions';
import { queryKeys, runQuery } from '@/lib/client/queries';
import type { RunCommand, RunView } from '@/lib/run/model';

/** What became of the last command: it is taken when the run shows another standing than the one it was given in. */
export type CommandState =
  | { readonly state: 'none' }
  | { readonly state: 'sending' | 'asked'; readonly command: RunCommand }
  | { readonly state: 'refused'; readonly text: string };

export type RunCommander = {
  readonly last: CommandState;
  readonly give: (command: RunCommand) => Promise<void>;
};

const askedMs = 1000;

/** Where a run stands, as one text: any change of it means that the worker has moved on. */
function standing(run: RunView): string {
  return `${run.state} ${run.direction} ${run.held?.at ?? ''}`;
}

/** Follows a run: fast while it moves or a command is on its way. A failed look keeps the last one on screen. */
export function useRun(initial: RunView, commandRun: CommandRunAction) {
  const message = useMessage('ui.refusal');
  const client = useQueryClient();
  const [given, setGiven] = useState<{ last: CommandState; at: string }>({ last: { state: 'none' }, at: '' });
  const base = runQuery(initial.id);
  const query = useQuery({
    ...base,
    initialData: initial,
    refetchInterval: (current) => {
      const isExpecting =
        given.last.state === 'asked' && standing(current.state.data ?? initial) === given.at;
      if (isExpecting) return askedMs;
      return typeof base.refetchInterval === 'function' ? base.refetchInterval(current) : false;
    },
  });
  const run = query.data;

  async function give(command: RunCommand) {
    const at = standing(run);
    setGiven({ last: { state: 'sending', command }, at });
    const answer = await commandRun({ runId: run.id, command });
    if (answer.ok) {
      setGiven({ last: { state: 'asked', command }, at });
    } else {
      const { form, fields } = answer.error;
      const text = form
        ? message(form.message, form.values)
        : Object.values(fields)
            .flat()
            .map((key) => message(key))
            .join(' ');
      setGiven({ last: { state: 'refused', text }, at });
    }
    await client.invalidateQueries({ queryKey: queryKeys.run(run.id) });
  }

  const isOver = given.last.state === 'asked' && standing(run) !== given.at;
  const last: CommandState = isOver ? { state: 'none' } : given.last;
  return {
    run,
    readAt: query.dataUpdatedAt,
    isStale: query.isRefetchError,
    command: { last, give } satisfies RunCommander,
  };
}
