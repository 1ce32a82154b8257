'use client';

import { useTranslations } from 'next-intl';
import { useCallback, useRef, useState } from 'react';
import type { DeployFunctionAction, DeployFunctionInput } from '@/lib/client/actions';
import type { FunctionChoice } from '@/lib/diversion/route';
import type { DeployedFunction } from '@/lib/draft/merge-function';
import type { DeployForm } from './deploy-form';
import { helloClbBody, isHelloClb } from './hello-clb';
import { useFunctionDeployment } from './use-function-deployment';

type NewFunctionInput = {
  readonly connectionId: string;
  /**
   * Returns the region of a route's load balancer; undefined while none is chosen, in which case the region is chosen
   * in the dialog.
   */
  readonly regionOf: (routeKey: string) => string | undefined;
  /** The region proposed in that case. */
  readonly usualRegion: string;
  readonly deployFunction: DeployFunctionAction;
  readonly onReady: (ready: ReadyFunction) => void;
};

/** A function that was created for a route. */
export type ReadyFunction = {
  readonly fn: DeployedFunction;
  readonly routeKey: string;
  readonly choice: FunctionChoice;
  /** The text of its response, if its code is known; otherwise empty. */
  readonly body: string;
};

/**
 * Provides the dialog that creates a function for a route, and its deployment. The dialog closes when the function is
 * ready.
 */
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
  // The route that the deployment is for, whether or not the dialog is open.
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
    /** Chooses the region; null if the route's load balancer determines it. */
    chooseRegion: fixedRegion === undefined ? setChosenRegion : null,
    open: (key: string) => setOpenFor(key),
    close: () => setOpenFor(null),
    deployment,
    deploy: ({ alias, ...form }: DeployForm, replaces: boolean) => {
      if (openFor === null) return;
      setRouteKey(openFor);
      deploy({ ...form, alias: alias === '' ? null : alias, connectionId, region, isNew: !replaces });
    },
    announcement:
      deployment.state === 'done'
        ? t('done', { name: deployment.input.name, version: deployment.version })
        : deployment.state === 'running'
          ? t(`stage.${deployment.stage}`)
          : '',
  };
}
