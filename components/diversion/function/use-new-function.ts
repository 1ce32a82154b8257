'use client';

import { useCallback, useRef, useState } from 'react';
import type { DeployFunctionAction, DeployFunctionInput } from '@/lib/contract/function';
import type { FunctionChoice } from '@/lib/diversion/route';
import type { DeployedFunction } from '@/lib/draft/creating/merge-function';
import type { DeployForm } from './deploy-form';
import { useFunctionDeployment } from './use-function-deployment';

type NewFunctionInput = {
  readonly connectionId: string;
  /**
   * Returns the region of a route's load balancer; undefined while none is chosen, in which case the region is chosen
   * in the dialog.
   */
  readonly regionOf: (routeKey: string) => string | undefined;
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
export function useNewFunction({ connectionId, regionOf, deployFunction, onReady }: NewFunctionInput) {
  const [openFor, setOpenFor] = useState<string | null>(null);
  // The route that the deployment is for, whether or not the dialog is open, and the answer of its function.
  const [{ routeKey, body }, setTarget] = useState({ routeKey: '', body: '' });
  const latest = useRef({ onReady, routeKey, body });
  latest.current = { onReady, routeKey, body };

  const onDone = useCallback((input: DeployFunctionInput, version: string) => {
    const { region, namespace, name, alias } = input;
    const { onReady, routeKey, body } = latest.current;
    onReady({
      fn: { ...input, version, at: new Date().toISOString() },
      routeKey,
      choice: { region, namespace, name, qualifier: alias ?? version },
      body,
    });
    // The dialog may have been opened for another route meanwhile.
    setOpenFor((now) => (now === routeKey ? null : now));
  }, []);

  const { deployment, deploy } = useFunctionDeployment(deployFunction, onDone);
  return {
    isOpen: openFor !== null,
    /** The route that the last deployment is for. */
    routeKey,
    /** The region that the route's load balancer determines; null = any. */
    region: openFor === null ? null : (regionOf(openFor) ?? null),
    open: (key: string) => setOpenFor(key),
    close: () => setOpenFor(null),
    deployment,
    /** @param body the text of the function's response, if its code is known; otherwise empty */
    deploy: ({ alias, ...form }: DeployForm, region: string, replaces: boolean, body: string) => {
      if (openFor === null) return;
      setTarget({ routeKey: openFor, body });
      deploy({ ...form, alias: alias === '' ? null : alias, connectionId, region, isNew: !replaces });
    },
  };
}
