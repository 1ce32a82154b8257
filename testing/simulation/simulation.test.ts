import { beforeAll, describe, expect, it } from 'vitest';
import { liveCommands } from '@/lib/run/model/model';
import { generateScenario } from './generate-scenario';
import { simulate } from './simulate';

const seeds = Array.from({ length: 300 }, (_, i) => i + 1);

describe('300 simulated runs', () => {
  const counts = new Map<string, number>();
  const broken = new Map<number, string>();

  beforeAll(async () => {
    for (const seed of seeds) {
      const outcome = await simulate(generateScenario(seed));
      if (outcome.broken !== null) broken.set(seed, outcome.broken);
      for (const [what, count] of outcome.trace.counts) counts.set(what, (counts.get(what) ?? 0) + count);
    }
  }, 300_000);

  it('break no invariant', () => {
    expect([...broken]).toEqual([]);
  });

  it.each([
    ...['busy', 'http5xx', 'indexLags', 'internalError', 'partial', 'probeFails', 'readFails', 'replyLost'],
    ...[
      'outage',
      'requestLost',
      'slow',
      'taskFails',
      'taskStuck',
      'throttle',
      'unchanged',
      'watchFails',
      'checkFails',
    ],
  ])('meet the fault %s', (kind) => {
    expect(counts.get(`fault ${kind}`)).toBeGreaterThan(0);
  });

  it.each([
    ...['event crash', 'event freeze', 'event jump', 'refused late worker', 'stop set', 'stop released'],
    ...['rule', 'recordSet', 'loadBalancer', 'listener', 'provisioned'].map((kind) => `edit ${kind}`),
    ...liveCommands.map((command) => `event command ${command}`),
  ])('meet %s', (what) => {
    expect(counts.get(what)).toBeGreaterThan(0);
  });

  it.each([
    ...['CreateLoadBalancer', 'CreateListener', 'CreateRule', 'RegisterTargets', 'RegisterFunctionTargets'],
    ...[
      'DeleteLoadBalancer',
      'DeleteListener',
      'DeleteRule',
      'DeregisterTargets',
      'DeregisterFunctionTargets',
    ],
    ...['PutProvisionedConcurrencyConfig', 'DeleteProvisionedConcurrencyConfig'],
    ...['CreateRecord', 'ModifyRecord', 'ModifyRecordFields', 'ModifyRecordStatus', 'DeleteRecord'],
  ])('have the effect of %s', (action) => {
    expect(counts.get(`effect ${action}`)).toBeGreaterThan(0);
  });

  it('continue soon after an outage', () => {
    expect(counts.get('return noticed')).toBeGreaterThan(0);
  });

  it('continue soon after a lost response', () => {
    expect(counts.get('return decided')).toBeGreaterThan(0);
  });

  it.each(['done', 'rolledBack', 'stopped', 'closed'])('reach the end %s', (end) => {
    expect(counts.get(`end ${end}`)).toBeGreaterThan(0);
  });

  it.each([
    ...[
      'stopped cloudError',
      'stopped drift',
      'stopped notEffective',
      'stopped probeFailed',
      'stopped invalid',
    ],
    ...['stepDone already', 'stepDone applied', 'stepDone notOurs', 'stepDone readBack', 'stepDone waited'],
    ...['baked', 'missed', 'paused', 'rollback', 'retrying', 'recovered'],
  ])('record %s', (what) => {
    expect(counts.get(what)).toBeGreaterThan(0);
  });
});

it('a seed always produces the same run', async () => {
  const way = async () => (await simulate(generateScenario(12))).trace.lines();
  const first = await way();
  expect(first.length).toBeGreaterThan(20);
  expect(await way()).toEqual(first);
});
