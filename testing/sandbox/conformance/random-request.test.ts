import fc from 'fast-check';
import { CommonClient } from 'tencentcloud-sdk-nodejs/tencentcloud/common/common_client.js';
import { afterAll, expect, test } from 'vitest';
import type { ApiRoute, ServiceName } from '@/lib/sandbox/model/dispatch';
import served from '@/lib/sandbox/world/served-actions.json';
import { clientConfig, startTestCloud } from '@/testing/sandbox/test-cloud';
import { shapeProblems } from './documented-shape';
import type { ExampleAnswer } from './example';
import { buildScenes, misshapenRequest, randomRequest } from './random-request';

const routes = Object.entries(served).flatMap(([service, { actions }]) =>
  actions.map((action): ApiRoute => ({ service: service as ServiceName, action })),
);

const cloud = await startTestCloud();
await cloud.control('PUT', '/assumptions', { 'api.rates': 'unlimited' });
afterAll(() => cloud.plane.stop());

type Outcome = { readonly code: string; readonly answer: ExampleAnswer };

/** Sends a call with the SDK. */
async function send({ service, action }: ApiRoute, request: object): Promise<Outcome> {
  const config = clientConfig(cloud.plane.api, cloud.keys('small-standard'), 'ap-singapore');
  const client = new CommonClient(new URL(cloud.plane.api).host, served[service].version, config);
  try {
    return { code: '', answer: await client.request(action, request) };
  } catch (error) {
    // An error that is not a response of the cloud has no code and fails the test.
    if (error instanceof Error && 'code' in error) return { code: String(error.code), answer: {} };
    throw error;
  }
}

/** Returns the whole account except its audit trail, in which refused calls are recorded. */
function state(): string {
  const { auditEvents: _, ...account } = cloud.account('small-standard');
  return JSON.stringify(account);
}

/**
 * Errors that no request may cause: an internal error of the sandbox, and those that the SDK throws for a broken
 * response.
 */
const broken = /^(InternalError|Network|ECONN|UND_ERR|)$/;

/** Completes everything that is pending. */
function settled(): string {
  cloud.clock.advance(2000);
  return state();
}

const scene = () => fc.constantFrom(...buildScenes(cloud.account('small-standard')));

test.each(routes)('$service $action handles any request of the right shape', async (route) => {
  await cloud.control('POST', '/reset');
  const requests = scene().chain((words) => randomRequest(route, words));
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      const before = settled();
      const { code, answer } = await send(route, request);
      if (code === '') {
        expect(shapeProblems(route.service, route.action, answer)).toEqual([]);
        return;
      }
      expect(code).not.toMatch(broken);
      expect(settled()).toBe(before);
    }),
    { numRuns: 20 },
  );
});

test.each(routes)('$service $action: a request of the wrong shape changes nothing', async (route) => {
  const requests = scene().chain((words) => misshapenRequest(route, words));
  await fc.assert(
    fc.asyncProperty(requests, async (request) => {
      const before = settled();
      const { code } = await send(route, request);
      expect(code).toMatch(/^(UnknownParameter|InvalidParameter|InvalidParameterValue|MissingParameter)/);
      expect(settled()).toBe(before);
    }),
    { numRuns: 8 },
  );
});
