'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useRef, useState } from 'react';
import type { DeployFunctionAction, DeployFunctionInput } from '@/lib/client/actions';
import type { FunctionChoice } from '@/lib/diversion/split';
import type { DeployForm } from './deploy-form';
import { helloClb, helloClbBody } from './hello-clb';
import type { DeployedFunction } from './merge-function';
import { useFunctionDeployment } from './use-function-deployment';

type NewFunctionInput = {
  readonly connectionId: string;
  readonly region: string | undefined;
  readonly deployFunction: DeployFunctionAction;
  /** `body` is text that the function will answer with, as far as its code is known; else empty. */
  readonly onReady: (fn: DeployedFunction, choice: FunctionChoice, body: string) => void;
};

/** The dialog that creates a function, and the deployment behind it. It closes itself when the function is ready. */
export function useNewFunction({ connectionId, region, deployFunction, onReady }: NewFunctionInput) {
  const t = useTranslations('diversion.createFunction');
  const [isOpen, setOpen] = useState(false);
  const latest = useRef(onReady);
  latest.current = onReady;

  const onDone = useCallback((input: DeployFunctionInput, version: string) => {
    const { region, namespace, name } = input;
    latest.current(
      { ...input, version, at: new Date().toISOString() },
      { region, namespace, name, qualifier: version },
      input.code.trim() === helloClb.trim() ? helloClbBody : '',
    );
    setOpen(false);
  }, []);

  const { deployment, deploy } = useFunctionDeployment(deployFunction, onDone);
  return {
    isOpen,
    setOpen,
    open: () => setOpen(true),
    deployment,
    deploy: (form: DeployForm) => {
      if (region !== undefined) deploy({ ...form, connectionId, region });
    },
    announcement:
      deployment.state === 'done'
        ? t('done', { name: deployment.input.name, version: deployment.version })
        : deployment.state === 'running'
          ? t(`stage.${deployment.stage}`)
          : '',
  };
}
