'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { DeployFunctionAction, DeployFunctionInput } from '@/lib/client/actions';
import { deploymentQuery } from '@/lib/client/queries';
import type { ActionError, DeploymentView } from '@/lib/client/views';
import type { CloudErrorData } from '@/lib/cloud/errors';
import type { DeployStage } from '@/lib/cloud/port';

/** A deployment that this page has started: it goes on in the worker, whether or not the dialog is open. */
export type FunctionDeployment =
  | { readonly state: 'none' }
  | { readonly state: 'sending'; readonly input: DeployFunctionInput }
  | { readonly state: 'refused'; readonly input: DeployFunctionInput; readonly error: ActionError }
  | {
      readonly state: 'running';
      readonly input: DeployFunctionInput;
      readonly stage: DeployStage | 'queued';
      /** The last look at it failed; it is looked at again. */
      readonly isLost: boolean;
    }
  | { readonly state: 'failed'; readonly input: DeployFunctionInput; readonly error: CloudErrorData }
  | { readonly state: 'done'; readonly input: DeployFunctionInput; readonly version: string };

type Sent =
  | Extract<FunctionDeployment, { state: 'none' | 'sending' | 'refused' }>
  | { readonly state: 'sent'; readonly input: DeployFunctionInput; readonly id: string };

/**
 * Starts deployments and follows the last one.
 * @param onDone called once when it is done, with the published version.
 */
export function useFunctionDeployment(
  deployFunction: DeployFunctionAction,
  onDone: (input: DeployFunctionInput, version: string) => void,
) {
  const [sent, setSent] = useState<Sent>({ state: 'none' });
  const id = sent.state === 'sent' ? sent.id : '';
  const query = useQuery({ ...deploymentQuery(id), enabled: id !== '' });
  const told = useRef('');

  const done = query.data?.state === 'done' ? query.data.version : null;
  useEffect(() => {
    if (done === null || sent.state !== 'sent' || told.current === sent.id) return;
    told.current = sent.id;
    onDone(sent.input, done);
  }, [done, sent, onDone]);

  async function deploy(input: DeployFunctionInput) {
    setSent({ state: 'sending', input });
    const answer = await deployFunction(input);
    setSent(
      answer.ok
        ? { state: 'sent', input, id: answer.value.deploymentId }
        : { state: 'refused', input, error: answer.error },
    );
  }

  return { deployment: describe(sent, query), deploy };
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
