'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useRef, useState } from 'react';
import type { DeployFunctionAction, DeployFunctionInput } from '@/lib/client/actions';
import type { FunctionChoice } from '@/lib/diversion/route';
import type { DeployForm } from './deploy-form';
import { helloClbBody, isHelloClb } from './hello-clb';
import type { DeployedFunction } from './merge-function';
import { useFunctionDeployment } from './use-function-deployment';

type NewFunctionInput = {
  readonly connectionId: string;
  /** Where the load balancer of a route is; undefined while none is chosen: then the region is chosen in the dialog. */
  readonly regionOf: (routeKey: string) => string | undefined;
  /** The region that is proposed then. */
  readonly usualRegion: string;
  readonly deployFunction: DeployFunctionAction;
  readonly onReady: (ready: ReadyFunction) => void;
};

/** A function that was created for a route. */
export type ReadyFunction = {
  readonly fn: DeployedFunction;
  readonly routeKey: string;
  readonly choice: FunctionChoice;
  /** Text that it will answer with, as far as its code is known; else empty. */
  readonly body: string;
};

/** The dialog that creates a function for a route, and the deployment behind it. It closes itself when the function is ready. */
export function useNewFunction({
  connectionId,
  regionOf,
  usualRegion,
  deployFunction,
  onReady,
}: NewFunctionInput) {
  const t = useTranslations('diversion.createFunction');
  const [openFor, setOpenFor] = useState<string | null>(null);
  const [chosenRegion, setChosenRegion] = useState<string | null>(null);
  // Whom the deployment is for, whether or not the dialog is open.
  const [routeKey, setRouteKey] = useState('');
  const latest = useRef({ onReady, routeKey });
  latest.current = { onReady, routeKey };

  const onDone = useCallback((input: DeployFunctionInput, version: string) => {
    const { region, namespace, name, alias } = input;
    latest.current.onReady({
      fn: { ...input, version, at: new Date().toISOString() },
      routeKey: latest.current.routeKey,
      choice: { region, namespace, name, qualifier: alias ?? version },
      body: isHelloClb(input.code) ? helloClbBody : '',
    });
    setOpenFor(null);
  }, []);

  const { deployment, deploy } = useFunctionDeployment(deployFunction, onDone);
  const fixedRegion = openFor === null ? undefined : regionOf(openFor);
  const region = fixedRegion ?? chosenRegion ?? usualRegion;
  return {
    isOpen: openFor !== null,
    /** The route that the last deployment is for. */
    routeKey,
    region,
    /** Chooses the region; null where the route's load balancer decides it. */
    chooseRegion: fixedRegion === undefined ? setChosenRegion : null,
    open: (key: string) => setOpenFor(key),
    close: () => setOpenFor(null),
    deployment,
    deploy: ({ alias, ...form }: DeployForm) => {
      if (openFor === null) return;
      setRouteKey(openFor);
      deploy({ ...form, alias: alias === '' ? null : alias, connectionId, region });
    },
    announcement:
      deployment.state === 'done'
        ? t('done', { name: deployment.input.name, version: deployment.version })
        : deployment.state === 'running'
          ? t(`stage.${deployment.stage}`)
          : '',
  };
}
