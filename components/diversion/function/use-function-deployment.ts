'use client';

import { type UseMutationResult, useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { checkAnswer } from '@/lib/client/check-answer';
import { deploymentQuery } from '@/lib/client/editor-queries';
import type { CloudErrorData } from '@/lib/cloud/errors';
import type { DeployStage } from '@/lib/cloud/port';
import type { ActionError } from '@/lib/contract/answer';
import type { DeployFunctionAction, DeployFunctionInput, DeploymentView } from '@/lib/contract/function';

/** A deployment that this page has started. It continues in the worker, whether or not the dialog is open. */
export type FunctionDeployment =
  | { readonly state: 'none' }
  | { readonly state: 'sending'; readonly input: DeployFunctionInput }
  | { readonly state: 'refused'; readonly input: DeployFunctionInput; readonly error: ActionError }
  /** No response arrived: it may or may not have started. */
  | { readonly state: 'unknown'; readonly input: DeployFunctionInput }
  | {
      readonly state: 'running';
      readonly input: DeployFunctionInput;
      readonly stage: DeployStage | 'queued';
      /** True if the last poll failed; polling continues. */
      readonly isLost: boolean;
    }
  | { readonly state: 'failed'; readonly input: DeployFunctionInput; readonly error: CloudErrorData }
  | { readonly state: 'done'; readonly input: DeployFunctionInput; readonly version: string };

type Sent =
  | Extract<FunctionDeployment, { state: 'none' | 'sending' | 'refused' | 'unknown' }>
  | { readonly state: 'sent'; readonly input: DeployFunctionInput; readonly id: string };

/**
 * Starts deployments and follows the last one.
 * @param onDone called once when it is done, with the published version.
 */
export function useFunctionDeployment(
  deployFunction: DeployFunctionAction,
  onDone: (input: DeployFunctionInput, version: string) => void,
) {
  const start = useMutation({
    mutationFn: (input: DeployFunctionInput) => checkAnswer(deployFunction(input)),
  });
  const sent = sendDeployment(start);
  const id = sent.state === 'sent' ? sent.id : '';
  const query = useQuery({ ...deploymentQuery(id), enabled: id !== '' });
  const told = useRef('');

  const input = start.variables;
  const done = query.data?.state === 'done' ? query.data.version : null;
  useEffect(() => {
    if (done === null || input === undefined || id === '' || told.current === id) return;
    told.current = id;
    onDone(input, done);
  }, [done, id, input, onDone]);

  return { deployment: describe(sent, query), deploy: start.mutate };
}

function sendDeployment(
  start: Pick<
    UseMutationResult<Awaited<ReturnType<DeployFunctionAction>>, Error, DeployFunctionInput>,
    'variables' | 'isError' | 'data'
  >,
): Sent {
  const { variables: input, data: answer } = start;
  if (input === undefined) return { state: 'none' };
  if (start.isError) return { state: 'unknown', input };
  if (answer === undefined) return { state: 'sending', input };
  return answer.ok
    ? { state: 'sent', input, id: answer.value.deploymentId }
    : { state: 'refused', input, error: answer.error };
}

function describe(
  sent: Sent,
  query: { readonly data: DeploymentView | undefined; readonly isError: boolean },
): FunctionDeployment {
  if (sent.state !== 'sent') return sent;
  const { input } = sent;
  const view = query.data;
  if (view?.state === 'failed') return { state: 'failed', input, error: view.error };
  if (view?.state === 'done') return { state: 'done', input, version: view.version };
  return { state: 'running', input, stage: view?.stage ?? 'queued', isLost: query.isError };
}
