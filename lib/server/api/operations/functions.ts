import 'server-only';
import { z } from 'zod';
import { FunctionId } from '@/lib/estate/functions/function-change';
import {
  deleteAlias,
  deleteFunction,
  deleteVersion,
  publishVersion,
  setAlias,
  setProvisioned,
} from '@/lib/server/functions/change-function';
import { deployFunction } from '@/lib/server/functions/deploy-function';
import { getDeployment } from '@/lib/server/functions/get-deployment';
import { getFunction } from '@/lib/server/functions/get-function';
import { getTestInvocations } from '@/lib/server/functions/get-test-invocations';
import { listFunctions } from '@/lib/server/functions/list-functions';
import { readFunctionPart } from '@/lib/server/functions/read-function-part';
import { startTestInvocation } from '@/lib/server/functions/start-test-invocation';
import type { Operation } from './operation';
import { pageAddress, toAddress } from './page-address';

const fn = { region: 'ap-singapore', namespace: 'flash', name: 'storefront' };
const reason = 'Release 12.12.';
const target = { version: '1', additional: null };

/** Functions. */
export const functionOperations = [
  {
    name: 'function.list',
    method: 'GET',
    path: '/connections/{connectionId}/functions',
    summary: 'Lists the functions of an account that pass a filter',
    run: listFunctions,
    query: z.object({
      ...pageAddress.listQuery,
      namespace: z.string().optional(),
      use: z.string().optional(),
    }),
    toInput: toAddress,
    list: 'rows',
    answer: z.looseObject({ rows: z.array(FunctionId.loose()), found: z.int(), total: z.int() }),
  },
  {
    name: 'function.get',
    method: 'GET',
    path: '/connections/{connectionId}/function',
    summary: 'Returns a function with its versions, aliases and uses',
    run: getFunction,
  },
  {
    name: 'function.read',
    method: 'GET',
    path: '/connections/{connectionId}/function-part',
    summary: 'Returns a part of a function as the worker last read it: code, versions, logs or calls',
    run: readFunctionPart,
    query: z.object({
      ...FunctionId.shape,
      part: z.enum(['code', 'versions', 'logs', 'calls']),
      version: z.string().optional(),
      outcome: z.enum(['any', 'failed']).optional(),
      hours: z.enum(['1', '24']).optional(),
    }),
    toInput: ({ path, query }) => {
      const { region, namespace, name, hours, ...part } = Object.fromEntries(query);
      return { ...path, region, namespace, name, part: { ...part, hours: Number(hours) } };
    },
  },
  {
    name: 'function.listTestInvocations',
    method: 'GET',
    path: '/connections/{connectionId}/test-invocations',
    summary: 'Returns the test invocations of the functions of an account',
    run: getTestInvocations,
  },
  {
    name: 'function.test',
    method: 'POST',
    path: '/connections/{connectionId}/test-invocations',
    summary: 'Requests a test invocation of a function, with the event that a load balancer would pass',
    run: startTestInvocation,
    example: {
      function: { ...fn, qualifier: '1' },
      place: {
        domain: 'flash.example.co.id',
        loadBalancerId: 'lb-scf',
        listenerId: 'lbl-lb-scf',
        rule: { kind: 'new', url: '/' },
      },
    },
    answer: z.object({ testInvocationId: z.string() }),
  },
  {
    name: 'function.deploy',
    method: 'POST',
    path: '/connections/{connectionId}/deployments',
    summary: 'Deploys the code of a function',
    run: deployFunction,
    example: {
      ...fn,
      runtime: 'Python3.10',
      handler: 'index.main_handler',
      code: 'def main_handler(event, context):\n    return {"statusCode": 200, "body": "Hello CLB"}\n',
      memoryMb: 128,
      timeoutS: 3,
    },
    answer: z.object({ deploymentId: z.string() }),
  },
  {
    name: 'deployment.get',
    method: 'GET',
    path: '/deployments/{deploymentId}',
    summary: 'Returns the state of a deployment',
    run: getDeployment,
  },
  {
    name: 'function.publish',
    method: 'POST',
    path: '/connections/{connectionId}/functions/publish',
    summary: 'Publishes the code of $LATEST as a version',
    run: publishVersion,
    example: { ...fn, reason, change: { kind: 'publish', description: 'Release 12.12' } },
  },
  {
    name: 'function.setAlias',
    method: 'POST',
    path: '/connections/{connectionId}/functions/set-alias',
    summary: 'Creates an alias, or changes its version and weights',
    run: setAlias,
    example: { ...fn, reason, change: { kind: 'setAlias', alias: 'live', before: null, after: target } },
  },
  {
    name: 'function.deleteAlias',
    method: 'POST',
    path: '/connections/{connectionId}/functions/delete-alias',
    summary: 'Deletes an alias that no rule uses; typedName is its name',
    run: deleteAlias,
    example: {
      ...fn,
      reason,
      change: { kind: 'deleteAlias', alias: 'live', before: target },
      typedName: 'live',
    },
  },
  {
    name: 'function.setProvisioned',
    method: 'POST',
    path: '/connections/{connectionId}/functions/set-provisioned',
    summary: 'Sets the number of warm instances of a version',
    run: setProvisioned,
    example: { ...fn, reason, change: { kind: 'setProvisioned', version: '1', before: 0, after: 2 } },
  },
  {
    name: 'function.deleteVersion',
    method: 'POST',
    path: '/connections/{connectionId}/functions/delete-version',
    summary: 'Deletes a version that nothing uses; typedName is its number',
    run: deleteVersion,
    example: { ...fn, reason, change: { kind: 'deleteVersion', version: '1' }, typedName: '1' },
  },
  {
    name: 'function.delete',
    method: 'POST',
    path: '/connections/{connectionId}/functions/delete',
    summary: 'Deletes a function that no rule uses; typedName is its name',
    run: deleteFunction,
    example: { ...fn, reason, typedName: fn.name },
  },
] as const satisfies readonly Operation[];
