import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createProber } from '@/lib/cloud/probe/prober';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { invariant } from '@/lib/invariant';
import { createLog } from '@/lib/log/log';
import { startTracing } from '@/lib/log/start-tracing';
import { parseSettings } from '@/lib/settings';
import { createMeasures } from '@/lib/worker/connections/measures';
import { workerSecrets } from '@/lib/worker/connections/worker-secrets';
import { memory, startWorkerFixture, type WorkerFixture } from '@/testing/worker/test-worker-fixture';
import { runPlan } from './run-plan';

/*
 * The observable output of a run: a real run on the sandbox, its log lines, the spans that a collector receives over
 * HTTP, and the metrics.
 */

const Attribute = z.object({
  key: z.string(),
  value: z.object({ stringValue: z.string().optional(), intValue: z.number().optional() }),
});
const Traces = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(Attribute) }),
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              name: z.string(),
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              kind: z.number(),
              attributes: z.array(Attribute),
              status: z.object({ code: z.number().optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
});

/** Starts a collector on loopback: https://opentelemetry.io/docs/specs/otlp/#otlphttp */
async function startCollector() {
  const got: { readonly path: string | undefined; readonly body: string }[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    got.push({ path: request.url, body: Buffer.concat(chunks).toString() });
    response.setHeader('Content-Type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    got,
    close: () => server.close(),
  };
}

let fixture: WorkerFixture;
let collector: Awaited<ReturnType<typeof startCollector>>;
beforeAll(async () => {
  [fixture, collector] = await Promise.all([startWorkerFixture('127.135.0.0/16'), startCollector()]);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  collector.close();
  await fixture.stop();
});

async function watchedRun() {
  const { connection, database } = fixture;
  const settings = parseSettings({});
  invariant(settings.ok, 'the defaults are valid');
  const written: string[] = [];
  const log = createLog('worker', 'debug', {
    secrets: workerSecrets(settings.value, [{ connection, isolation: null }]),
    to: { write: (line) => void written.push(line) },
  });
  const measures = createMeasures('w1');
  const runId = await fixture.storeRun();
  const cloud = createTencentCloud(connection, { now: () => new Date(), log, onCall: measures.call });
  const run = runPlan({
    db: database.db,
    log,
    measures,
    cloudOf: () => cloud,
    proberOf: () => createProber(connection, cloud),
    faultPoint: async () => {},
    sync: async () => {},
    keepAliveS: 0,
    probeEveryS: 10,
  });
  await run({ runId, attempt: 1 }, { inbox: { take: async () => null }, once: memory() });
  const lines = written.map((line): Record<string, unknown> => JSON.parse(line));
  return { runId, lines, text: written.join(''), measures };
}

it('logs, traces and measures each step and call of a run, and reveals no secrets', async () => {
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url);
  vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', 'authorization=Bearer%20abc');
  await fixture.callControl('POST', '/faults', { action: 'CreateRule', kind: 'throttle', count: 1 });
  const stopTracing = await startTracing('spillway-worker', collector.url);
  const { runId, lines, text, measures } = await watchedRun();
  await stopTracing();
  const { events } = await fixture.recordOf(runId);

  // The log: every line names its run, step and attempt; the lines of events match the journal.
  for (const line of lines)
    expect(line).toMatchObject({
      run: runId,
      attempt: 1,
      step: expect.toBeOneOf([null, expect.any(String)]),
    });
  expect(lines.flatMap(({ event }) => (event === undefined ? [] : [event]))).toEqual(
    events.map(({ type }) => type),
  );
  expect(lines.find(({ event }) => event === 'stepDone')).toMatchObject({ step: 's1', outcome: 'applied' });
  const calls = lines.filter(({ msg }) => /^cloud call/.test(String(msg)));
  for (const call of calls) {
    expect(call).toMatchObject({
      requestId: expect.any(String),
      action: expect.any(String),
      durationMs: expect.any(Number),
    });
  }
  expect(calls.filter(({ action }) => action === 'CreateRule')).toMatchObject([
    { step: 's1', code: 'RequestLimitExceeded', level: 40 },
    { step: 's1', code: null, level: 30 },
  ]);
  const { secretId, secretKey } = fixture.connection;
  for (const secret of [secretId, secretKey]) expect(text).not.toContain(secret);

  // The traces: calls below their step, steps below the run.
  expect(collector.got.map(({ path }) => path)).toContain('/v1/traces');
  const traces = collector.got.map(({ body }) => Traces.parse(JSON.parse(body)));
  const resources = traces.flatMap(({ resourceSpans }) => resourceSpans);
  expect(JSON.stringify(resources[0]?.resource)).toContain('spillway-worker');
  const spans = resources
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
    .map((span) => ({
      ...span,
      attributes: Object.fromEntries(
        span.attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]),
      ),
    }));
  const root = spans.find(({ name }) => name === 'run');
  expect(root).toMatchObject({ attributes: { 'spillway.run': runId, 'spillway.attempt': 1 } });
  const step = spans.find(({ attributes }) => attributes['spillway.step'] === 's1');
  expect(step).toMatchObject({ name: 'step write', parentSpanId: root?.spanId, traceId: root?.traceId });
  const accepted = events.find(({ type }) => type === 'accepted');
  expect(spans.filter(({ name }) => name === 'clb.CreateRule')).toMatchObject([
    {
      parentSpanId: step?.spanId,
      kind: 3,
      status: { code: 2 },
      attributes: { 'spillway.code': 'RequestLimitExceeded' },
    },
    {
      parentSpanId: step?.spanId,
      attributes: {
        'rpc.service': 'clb',
        'rpc.method': 'CreateRule',
        'cloud.region': 'ap-singapore',
        'spillway.request_id': accepted?.type === 'accepted' ? accepted.requestId : '',
      },
    },
  ]);
  expect(spans.filter(({ parentSpanId }) => parentSpanId === root?.spanId).length).toBeGreaterThan(3);
  expect(JSON.stringify(traces)).not.toContain(secretKey);

  // The metrics, as the heartbeat writes them.
  const measured = JSON.stringify(await measures.export());
  expect(measured).toContain(
    '"labels":{"service":"clb","action":"CreateRule","code":"RequestLimitExceeded","worker":"w1"}',
  );
});

it('loads and sends nothing without a collector', async () => {
  const before = collector.got.length;
  const stopTracing = await startTracing('spillway-worker', undefined);
  await stopTracing();
  expect(collector.got).toHaveLength(before);
});
