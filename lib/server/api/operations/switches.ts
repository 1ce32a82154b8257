import 'server-only';
import { z } from 'zod';
import { defaultFailover } from '@/lib/diversion/default-failover';
import { PlanId } from '@/lib/plan/model/model';
import { RunId } from '@/lib/run/model/run-id';
import {
  addSwitch,
  disableFailover,
  enableFailover,
  moveSwitch,
  removeSwitch,
} from '@/lib/server/switches/change-switches';
import { exportSwitchScript } from '@/lib/server/switches/export-switch-script';
import { getSwitchboard } from '@/lib/server/switches/get-switchboard';
import { exampleSwitch } from './example-diversion';
import type { Operation } from './operation';

/** Switches and failover. */
export const switchOperations = [
  {
    name: 'switch.list',
    method: 'GET',
    path: '/switches',
    summary: 'Returns the switchboard',
    run: getSwitchboard,
  },
  {
    name: 'switch.add',
    method: 'POST',
    path: '/switches',
    summary: 'Adds a name with its two sides to the switchboard',
    run: addSwitch,
    example: { connectionId: 'sandbox-niaga', diversion: exampleSwitch, policy: defaultFailover },
    answer: z.object({ switchId: z.string() }),
  },
  {
    name: 'switch.remove',
    method: 'DELETE',
    path: '/switches/{switchId}',
    summary: 'Removes a name from the switchboard',
    run: removeSwitch,
  },
  {
    name: 'switch.enableFailover',
    method: 'PUT',
    path: '/switches/{switchId}/failover',
    summary: 'Enables failover with a policy',
    run: enableFailover,
    example: { policy: defaultFailover },
  },
  {
    name: 'switch.disableFailover',
    method: 'DELETE',
    path: '/switches/{switchId}/failover',
    summary: 'Disables failover',
    run: disableFailover,
  },
  {
    name: 'switch.move',
    method: 'POST',
    path: '/switches/{switchId}/move',
    summary: 'Moves a Switch to one of its sides at once',
    run: moveSwitch,
    example: { toward: 'function', ramp: [{ percent: 100, bakeS: 300 }], typedDomain: null },
    answer: z.object({ planId: PlanId, runId: RunId.nullable() }),
  },
  {
    name: 'switch.exportScript',
    method: 'GET',
    path: '/switches/{switchId}/script',
    summary: 'Exports the failover script, which runs without Spillway',
    run: exportSwitchScript,
    isResult: true,
    text: (file: { readonly text: string; readonly fileName: string }) => ({
      ...file,
      type: 'text/javascript; charset=utf-8',
    }),
  },
] as const satisfies readonly Operation[];
