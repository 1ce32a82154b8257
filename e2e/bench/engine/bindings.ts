import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { clb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/index.js';
import type { RunEvent } from '@/lib/run/model/model';
import { RunId } from '@/lib/run/model/run-id';
import { serverContext } from '@/lib/store/context';
import { loadRun } from '@/lib/store/runs/load-run';
import { type Figure, figure } from '../support/figures';
import { type BenchCloud, type Bound, benchRegion } from './bench-cloud';
import type { BenchDatabase } from './bench-database';
import { bindingPlan } from './binding-plan';
import { storeRun } from './store-run';

export const balancersUsed = 20;
const bindingsEach = 5;
const writesEach = bindingsEach * 2;
/** A run that takes longer than this multiple of the minimum is aborted, because its ratio is far from any goal. */
const patience = 2;

type Task = { readonly RequestId?: string };

/**
 * Measures the duration of one bare write: the call, and its task, polled frequently. It makes the two calls of a
 * binding on its own load balancer with the official client.
 */
async function bareWriteMs(cloud: BenchCloud, spare: Omit<Bound, 'domain'>, taskMs: number): Promise<number> {
  const { api, secretId, secretKey } = cloud.announcement;
  const httpProfile = {
    protocol: 'http://' as const,
    endpoint: new URL(api).host,
    agent: new Agent({ keepAlive: true }),
  };
  const client = new clb.v20180317.Client({
    credential: { secretId, secretKey },
    region: benchRegion,
    profile: { httpProfile },
  });
  const { loadBalancerId: LoadBalancerId, listenerId: ListenerId, functionName: FunctionName } = spare;
  const settled = async ({ RequestId: TaskId = '' }: Task) => {
    await sleep(taskMs);
    while ((await client.DescribeTaskStatus({ TaskId })).Status !== 0) await sleep(60);
  };
  const begin = performance.now();
  const rule = { Domain: 'floor.example.com', Url: '/' };
  const made = await client.CreateRule({ LoadBalancerId, ListenerId, Rules: [rule] });
  await settled(made);
  const fn = { FunctionNamespace: 'default', FunctionName, FunctionQualifier: '$LATEST' };
  const LocationId = made.LocationIds?.[0] ?? '';
  await settled(
    await client.RegisterFunctionTargets({
      LoadBalancerId,
      ListenerId,
      LocationId,
      FunctionTargets: [{ Function: { ...fn, FunctionQualifierType: 'VERSION' }, Weight: 10 }],
    }),
  );
  return (performance.now() - begin) / 2;
}

const eventTime = (events: readonly RunEvent[], type: RunEvent['type']) => {
  const found = events.find((event) => event.type === type);
  return found === undefined ? null : Date.parse(found.at);
};

/**
 * Measures 100 bindings on 20 load balancers by a worker against the minimum: a load balancer runs one task at a time,
 * so ten writes on each of them take at least ten times a bare write.
 * @param taskMs long enough that the cloud's rate limit of 20 requests per second and action is not the bottleneck
 */
export async function measureBindings(
  database: BenchDatabase,
  cloud: BenchCloud,
  taskMs: number,
): Promise<Figure[]> {
  const [spare, ...others] = cloud.balancers;
  if (spare === undefined) throw new Error('a load balancer for the floor');
  await cloud.setTaskTime(taskMs);
  const floorMs = writesEach * (await bareWriteMs(cloud, spare, taskMs));
  const bindings = Array.from({ length: bindingsEach }, (_, nth) =>
    others
      .slice(0, balancersUsed)
      .map((balancer) => ({ ...balancer, domain: `b${nth}.${balancer.loadBalancerId}.example.com` })),
  );
  const { database: opened, engine } = await serverContext();
  const runId = await storeRun(database, bindingPlan(bindings.flat()));
  const giveUpAt = Date.now() + patience * floorMs;
  let events: readonly RunEvent[] = [];
  while (
    eventTime(events, 'finished') === null &&
    eventTime(events, 'stopped') === null &&
    Date.now() < giveUpAt
  ) {
    await sleep(200);
    events = (await loadRun(opened.db, RunId.parse(runId)))?.events ?? [];
  }
  // A run that takes longer must not affect the next measurement.
  if (eventTime(events, 'finished') === null)
    await engine.send(
      { runId: RunId.parse(runId), attempt: 1 },
      { id: 'm1', command: 'leaveAsIs', actor: 'bench', reason: '' },
    );
  const done = events.filter((event) => event.type === 'stepDone').length;
  const [start, end] = [eventTime(events, 'started'), eventTime(events, 'finished')];
  const tookMs = start === null || end === null ? null : end - start;
  const why =
    tookMs === null
      ? `${done} of ${balancersUsed * writesEach} steps when stopped or after ${patience} floors`
      : '';
  return [
    figure(`Minimum for ${writesEach} writes on one load balancer`, floorMs / 1000, 's', null),
    figure('100 bindings on 20 load balancers', tookMs === null ? null : tookMs / 1000, 's', null, why),
    figure('Bindings ÷ floor', tookMs === null ? null : tookMs / floorMs, '', { most: 1.15 }, why),
  ];
}
