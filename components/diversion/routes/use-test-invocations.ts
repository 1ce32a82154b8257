'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMessage } from '@/components/ui/use-message';
import { checkAnswer } from '@/lib/client/check-answer';
import { testInvocationsQuery } from '@/lib/client/editor-queries';
import { queryKeys } from '@/lib/client/queries';
import type {
  StartTestInvocationAction,
  TestInvocationsView,
  TestInvocationView,
} from '@/lib/contract/function';
import type { FunctionChoice } from '@/lib/diversion/route';
import type { RouteDraft } from '@/lib/draft/draft';
import { optionKey } from '@/lib/draft/function-key';

/** The progress of a test invocation that was started on this page. */
export type TestInvocationState =
  | { readonly state: 'none' | 'sending' }
  | { readonly state: 'refused'; readonly text: string }
  /** No response arrived: it may or may not have started. */
  | { readonly state: 'unknown' }
  | TestInvocationView;

/** The data and actions that a function's field needs for test invocations. */
export type TestInvocationControls = {
  readonly stateOf: (choice: FunctionChoice) => TestInvocationState;
  /** Invokes a route's function as its load balancer would. */
  readonly start: (route: RouteDraft & { readonly to: 'function' }) => void;
};

type Input = {
  readonly connectionId: string;
  /** Test invocations known to the server when it rendered the page. */
  readonly testInvocations: TestInvocationsView;
  readonly startTestInvocation: StartTestInvocationAction;
  /** Called when a test invocation is started: its findings about the function go into the estate, too. */
  readonly onStart: () => void;
};

/** The time that the page's own data stays fresh before it is fetched again. */
const freshMs = 5000;

/** Provides the results of test invocations and starts new ones. Started ones continue in the worker. */
export function useTestInvocations({ connectionId, testInvocations, startTestInvocation, onStart }: Input) {
  const message = useMessage('ui.refusal');
  const client = useQueryClient();
  const { data } = useQuery({
    ...testInvocationsQuery(connectionId),
    initialData: testInvocations,
    staleTime: freshMs,
  });
  // The test invocation of each function that was started here; without an id until the response arrives.
  const [asked, setAsked] = useState<Readonly<Record<string, string>>>({});
  const start = useMutation({
    mutationFn: (input: Parameters<StartTestInvocationAction>[0]) => checkAnswer(startTestInvocation(input)),
    onSuccess: (answer, input) => {
      if (!answer.ok) return;
      setAsked((known) => ({ ...known, [optionKey(input.function)]: answer.value.testInvocationId }));
      void client.invalidateQueries({ queryKey: queryKeys.testInvocations(connectionId) });
    },
  });

  function refusedState(): TestInvocationState {
    if (start.isError) return { state: 'unknown' };
    if (start.data?.ok !== false) return { state: 'sending' };
    const { form, fields } = start.data.error;
    const [field] = Object.values(fields).flat();
    return { state: 'refused', text: form ? message(form.message, form.values) : message(field ?? 'input') };
  }

  function getInvocationState(choice: FunctionChoice): TestInvocationState {
    const key = optionKey(choice);
    const isLast = start.variables !== undefined && optionKey(start.variables.function) === key;
    if (isLast && start.data?.ok !== true) return refusedState();
    const id = asked[key];
    if (id === undefined) return { state: 'none' };
    return data.newest.find((view) => view.id === id) ?? laterThan(data, key);
  }

  const trying: TestInvocationControls = {
    stateOf: getInvocationState,
    start: ({ function: choice, domain, loadBalancerId, listenerId, rule: edited }) => {
      const rule = edited.kind === 'new' ? { kind: edited.kind, url: edited.url } : edited;
      start.mutate({ connectionId, function: choice, place: { domain, loadBalancerId, listenerId, rule } });
      onStart();
    },
  };
  return { judged: data.judged, trying };
}

/**
 * Returns the newer test invocation of the same function that another actor has started since, or `sending` until the
 * list that was read contains it.
 */
function laterThan({ newest }: TestInvocationsView, key: string): TestInvocationState {
  const other = newest.find((view) => optionKey(view.function) === key);
  return other?.state === 'running' ? other : { state: 'sending' };
}
