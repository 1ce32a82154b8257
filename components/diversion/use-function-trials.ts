'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMessage } from '@/components/ui/use-message';
import type { TryFunctionAction } from '@/lib/client/actions';
import { answerOf } from '@/lib/client/answer-of';
import type { TrialsView, TrialView } from '@/lib/client/function-views';
import { queryKeys, trialsQuery } from '@/lib/client/queries';
import type { FunctionChoice } from '@/lib/diversion/route';
import type { RouteDraft } from './draft';
import { functionKey } from './function-options';

/** How far a trial is that was asked for on this page. */
export type FunctionTry =
  | { readonly state: 'none' | 'sending' }
  | { readonly state: 'refused'; readonly text: string }
  /** No answer came: it may have begun or not. */
  | { readonly state: 'unknown' }
  | TrialView;

/** What a function's field needs to have it tried. */
export type FunctionTrying = {
  readonly stateOf: (choice: FunctionChoice) => FunctionTry;
  /** Has a route's function called, as its load balancer would. */
  readonly start: (route: RouteDraft & { readonly to: 'function' }) => void;
};

type Input = {
  readonly connectionId: string;
  /** As the server knew them when it made the page. */
  readonly trials: TrialsView;
  readonly tryFunction: TryFunctionAction;
  /** Told when a trial was asked for: what it finds of the function goes into the estate, too. */
  readonly onStart: () => void;
};

/** What the page's own data is good for before it is asked again. */
const freshMs = 5000;

/** How functions answered when they were tried, and the way to try one. What is asked for goes on in the worker. */
export function useFunctionTrials({ connectionId, trials, tryFunction, onStart }: Input) {
  const message = useMessage('ui.refusal');
  const client = useQueryClient();
  const { data } = useQuery({ ...trialsQuery(connectionId), initialData: trials, staleTime: freshMs });
  // Of each function the trial that was asked for here; without an id while its answer has not come.
  const [asked, setAsked] = useState<Readonly<Record<string, string>>>({});
  const start = useMutation({
    mutationFn: (input: Parameters<TryFunctionAction>[0]) => answerOf(tryFunction(input)),
    onSuccess: (answer, input) => {
      if (!answer.ok) return;
      setAsked((known) => ({ ...known, [functionKey(input.function)]: answer.value.trialId }));
      void client.invalidateQueries({ queryKey: queryKeys.trials(connectionId) });
    },
  });

  function refusalOf(): FunctionTry {
    if (start.isError) return { state: 'unknown' };
    if (start.data?.ok !== false) return { state: 'sending' };
    const { form, fields } = start.data.error;
    const [field] = Object.values(fields).flat();
    return { state: 'refused', text: form ? message(form.message, form.values) : message(field ?? 'input') };
  }

  function stateOf(choice: FunctionChoice): FunctionTry {
    const key = functionKey(choice);
    const isLast = start.variables !== undefined && functionKey(start.variables.function) === key;
    if (isLast && start.data?.ok !== true) return refusalOf();
    const id = asked[key];
    if (id === undefined) return { state: 'none' };
    return data.newest.find((view) => view.id === id) ?? laterThan(data, key);
  }

  const trying: FunctionTrying = {
    stateOf,
    start: ({ function: choice, domain, loadBalancerId, listenerId, rule }) => {
      start.mutate({ connectionId, function: choice, place: { domain, loadBalancerId, listenerId, rule } });
      onStart();
    },
  };
  return { judged: data.judged, trying };
}

/** Where somebody has asked for the same since, theirs is the newest; before the list was read again, none is there. */
function laterThan({ newest }: TrialsView, key: string): FunctionTry {
  const other = newest.find((view) => functionKey(view.function) === key);
  return other?.state === 'running' ? other : { state: 'sending' };
}
