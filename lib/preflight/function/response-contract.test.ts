import { describe, expect, it } from 'vitest';
import type { Diversion } from '@/lib/diversion/diversion';
import type { TestInvocation } from '@/lib/estate/functions/test-invocation';
import { ConnectionId } from '@/lib/estate/ids';
import { joinEstates } from '@/lib/estate/join-estates';
import type { Estate } from '@/lib/estate/model';
import { noConditions } from '@/lib/preflight/model/conditions';
import { stops } from '@/lib/preflight/model/stops';
import { preflight } from '@/lib/preflight/preflight';
import {
  testCustomConfig,
  testEstate,
  testFunction,
  testSplit,
  testSwitch,
} from '@/testing/plan/test-estate';
import { buildTestInvocation } from '@/testing/preflight/build-test-invocation';

type Given = {
  readonly estate?: Estate;
  readonly diversion?: Diversion;
  readonly testInvocations?: readonly TestInvocation[];
};

function found({
  estate = testEstate(),
  diversion = testSplit(),
  testInvocations = [buildTestInvocation()],
}: Given) {
  const conditions = { ...noConditions(estate), testInvocations };
  return preflight({ estate, diversion, conditions }).filter((f) => f.check === 'response-contract');
}

const later = '2026-12-02T00:00:00.000Z';
const to = (qualifier: string) =>
  testSplit({ function: { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier } });
const buildEstate = (change: object) => testEstate({ functions: [testFunction(change)] });
const alias = (version: string, additional: object | null = null) =>
  buildEstate({ aliases: [{ name: 'live', version, additional }] });
const latest = buildTestInvocation({ qualifier: '$LATEST', version: '$LATEST' });
const live = buildTestInvocation({ qualifier: 'live' });
const kept = (statusCode: number) => [buildTestInvocation({ verdict: { kind: 'kept', statusCode } })];
const failed = (failure: 'exception' | 'timeout' | 'memory' | 'throttled') => [
  buildTestInvocation({ verdict: { kind: 'failed', failure } }),
];

type Case = [name: string, given: Given, status: string, why: string];

describe('response-contract', () => {
  it.each<Case>([
    ['tried', {}, 'pass', 'pass'],
    ['with no content', { testInvocations: kept(204) }, 'pass', 'pass'],
    ['never tried', { testInvocations: [] }, 'unknown', 'untried'],
    ['another version was tried', { diversion: to('$LATEST') }, 'unknown', 'untried'],
    [
      'one of another region',
      { testInvocations: [buildTestInvocation({ region: 'ap-jakarta' })] },
      'unknown',
      'untried',
    ],
    ['changed since', { estate: buildEstate({ modifiedAt: later }) }, 'unknown', 'changed'],
    [
      'changed before, in a newer snapshot',
      { testInvocations: [buildTestInvocation({ modifiedAt: later })] },
      'pass',
      'pass',
    ],
    ['$LATEST as it was', { diversion: to('$LATEST'), testInvocations: [latest] }, 'pass', 'pass'],
    [
      '$LATEST of another time',
      { diversion: to('$LATEST'), testInvocations: [{ ...latest, modifiedAt: later }] },
      'unknown',
      'changed',
    ],
    ['an alias', { estate: alias('1'), diversion: to('live'), testInvocations: [live] }, 'pass', 'pass'],
    [
      'a moved alias',
      { estate: alias('2'), diversion: to('live'), testInvocations: [live] },
      'unknown',
      'changed',
    ],
    [
      'an alias of $LATEST of another time',
      {
        estate: alias('$LATEST'),
        diversion: to('live'),
        testInvocations: [{ ...live, version: '$LATEST', modifiedAt: later }],
      },
      'unknown',
      'changed',
    ],
    [
      'an alias of two versions',
      {
        estate: alias('1', { version: '2', weight: 0.1 }),
        diversion: to('live'),
        testInvocations: [{ ...live, version: '1+2' }],
      },
      'warn',
      'twoVersions',
    ],
    ['an alias that was not read', { diversion: to('live'), testInvocations: [live] }, 'unknown', 'alias'],
    ['a redirect', { testInvocations: kept(301) }, 'warn', 'status'],
    ['not found', { testInvocations: kept(404) }, 'warn', 'status'],
    ['its own error', { testInvocations: kept(500) }, 'block', 'serverError'],
    [
      'slower than a load balancer waits',
      { testInvocations: [buildTestInvocation({ durationMs: 60_001 })] },
      'block',
      'slow',
    ],
    [
      'slower than its load balancer is told to wait',
      {
        estate: testEstate({ customConfigs: [testCustomConfig({ readTimeoutS: 30 })] }),
        testInvocations: [buildTestInvocation({ durationMs: 30_001 })],
      },
      'block',
      'slow',
    ],
    [
      'as slow as its load balancer is told to wait',
      {
        estate: testEstate({ customConfigs: [testCustomConfig({ readTimeoutS: 90 })] }),
        testInvocations: [buildTestInvocation({ durationMs: 60_001 })],
      },
      'pass',
      'pass',
    ],
    ['an exception', { testInvocations: failed('exception') }, 'block', 'failed'],
    ['a timeout', { testInvocations: failed('timeout') }, 'block', 'failed'],
    ['one that had no room to run', { testInvocations: failed('throttled') }, 'warn', 'failed'],
    ['no memory', { testInvocations: failed('memory') }, 'block', 'failed'],
    [
      'a bare text',
      { testInvocations: [buildTestInvocation({ verdict: { kind: 'broken', faults: ['notObject'] } })] },
      'block',
      'broken',
    ],
  ])('%s', (_name, given, status, why) => {
    const findings = found(given);
    expect(findings).toMatchObject([
      { status, why: `response-contract.${why}`, field: 'routes.1.function', objects: [expect.any(String)] },
    ]);
    expect(findings.some(stops)).toBe(status === 'block');
  });

  it('reports the time and duration of the test invocation', () => {
    expect(found({})[0]?.values).toEqual({
      function: 'flash/storefront:1',
      at: '2026-12-11 14:00 UTC',
      ms: 42,
      status: 200,
    });
  });

  it('uses the newest test invocation, in any input order', () => {
    const bad = buildTestInvocation({
      at: '2026-12-11T13:00:00.000Z',
      verdict: { kind: 'failed', failure: 'exception' },
    });
    expect(found({ testInvocations: [buildTestInvocation(), bad] })).toMatchObject([{ status: 'pass' }]);
    const worse = { ...bad, at: '2026-12-11T15:00:00.000Z' };
    expect(found({ testInvocations: [buildTestInvocation(), worse] })).toMatchObject([{ status: 'block' }]);
  });

  it('returns all reasons at once', () => {
    const verdict = { kind: 'broken', faults: ['noStatus', 'body'] } as const;
    expect(
      found({ testInvocations: [buildTestInvocation({ verdict })] }).map(({ values }) => values.fault),
    ).toEqual([...['noStatus', 'body']]);
    const both = buildTestInvocation({ durationMs: 61_000, verdict: { kind: 'kept', statusCode: 404 } });
    expect(found({ testInvocations: [both] }).map(({ why }) => why)).toEqual([
      ...['response-contract.status', 'response-contract.slow'],
    ]);
  });

  it('ignores missing objects, which another check reports', () => {
    expect(found({ estate: testEstate({ functions: [] }) })).toEqual([]);
    expect(
      found({ estate: alias('1'), diversion: to('gone'), testInvocations: [{ ...live, qualifier: 'gone' }] }),
    ).toEqual([]);
  });

  it('never blocks moving a name back to its servers', () => {
    expect(found({ diversion: testSwitch({ toward: 'cvm' }), testInvocations: failed('exception') })).toEqual(
      [],
    );
    expect(found({ diversion: testSwitch(), testInvocations: failed('exception') })).toMatchObject([
      { status: 'block' },
    ]);
  });
});

describe('a function of another account', () => {
  const whole = testEstate();
  const isFar = ({ id }: { readonly id: string }) => id === 'lb-scf';
  const connectionId = ConnectionId.parse('far');
  const estate = joinEstates(
    { ...whole, loadBalancers: whole.loadBalancers.filter((lb) => !isFar(lb)), functions: [] },
    [{ ...whole, connectionId, loadBalancers: whole.loadBalancers.filter(isFar), zones: [], rules: [] }],
  );

  it('uses only test invocations of its own account, not of a function of the same name', () => {
    expect(found({ estate, testInvocations: [buildTestInvocation({ connectionId })] })).toMatchObject([
      { status: 'pass' },
    ]);
    const [untried] = found({ estate });
    expect(untried).toMatchObject({ status: 'unknown', why: 'response-contract.untried' });
    expect(untried?.fix?.label).toBe('testInItsAccount');
    expect(found({ testInvocations: [] })[0]?.fix?.label).toBe('testFunction');
  });
});
