import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { published } from '@/lib/sandbox/seeds/parts';
import { defaultAlias } from '@/lib/sandbox/world/scf';
import { app, place, shop, startBackendsTestCloud } from '@/testing/sandbox/services/clb/backends-test-cloud';

const backends = await startBackendsTestCloud();
const { clb } = backends;
beforeEach(async () => {
  await backends.reset();
  const { functions } = backends.account;
  const hello = functions['ap-singapore/default/hello'];
  if (!hello) throw new Error('not in the seed');
  const live = { ...defaultAlias(0), name: 'live', version: '1' };
  functions['ap-singapore/default/hello'] = { ...published(hello), aliases: [...hello.aliases, live] };
  functions['ap-singapore/default/other'] = { ...hello, name: 'other' };
  functions['ap-singapore/default/web'] = { ...hello, name: 'web', type: 'HTTP' };
});
afterAll(() => backends.cloud.plane.stop());

/** Parses `hello:live` as a function target. */
function fn(text: string, given: { Weight?: number; FunctionQualifierType?: string } = {}) {
  const [name = '', qualifier = '$LATEST'] = text.split(':');
  const { Weight, ...type } = given;
  return {
    Function: { FunctionNamespace: 'default', FunctionName: name, FunctionQualifier: qualifier, ...type },
    ...(Weight !== undefined && { Weight }),
  };
}

async function bound() {
  const { Listeners: [found] = [] } = await clb.DescribeTargets({ LoadBalancerId: 'lb-scf00001' });
  return (found?.Rules?.[0]?.FunctionTargets ?? []).map(({ Function: of, Weight: weight }) => [
    `${of?.FunctionName}:${of?.FunctionQualifier}`,
    of?.FunctionQualifierType,
    weight,
  ]);
}

const bind = (target: ReturnType<typeof fn>, at: object = place.idle) =>
  clb.RegisterFunctionTargets({ ...place.idle, ...at, FunctionTargets: [target] });
const modify = (...targets: ReturnType<typeof fn>[]) =>
  clb.ModifyFunctionTargets({ ...place.idle, FunctionTargets: targets });
const refusalCode = async (call: () => Promise<unknown>) => (await backends.refused(call)).code;

describe('qualifiers', () => {
  test.each([
    ['hello:$LATEST', {}, 'VERSION'],
    ['hello:1', {}, 'VERSION'],
    ['hello:$DEFAULT', {}, 'ALIAS'],
    ['hello:live', {}, 'ALIAS'],
    ['hello:live', { FunctionQualifierType: 'ALIAS' }, 'ALIAS'],
  ])('bind %s with %j as %s', async (text, given, type) => {
    expect(await backends.settle(bind(fn(text, given)))).toBe(0);
    expect(await bound()).toEqual([[text, type, 10]]);
  });

  test.each([
    ['hello:2', {}, 'ResourceNotFound', 'The function default/hello has no version 2.'],
    [
      'hello:live',
      { FunctionQualifierType: 'VERSION' },
      'ResourceNotFound',
      'The function default/hello has no version live.',
    ],
    [
      'hello:1',
      { FunctionQualifierType: 'ALIAS' },
      'ResourceNotFound',
      'The function default/hello has no alias 1.',
    ],
    ['none', {}, 'ResourceNotFound', 'The function default/none does not exist in ap-singapore.'],
    [
      'hello',
      { FunctionQualifierType: 'TAG' },
      'InvalidParameterValue',
      'The parameter `FunctionTargets.0.Function.FunctionQualifierType` must be one of VERSION, ALIAS.',
    ],
    [
      'hello',
      { Weight: 101 },
      'InvalidParameterValue',
      'The parameter `FunctionTargets.0.Weight` must be between 0 and 100.',
    ],
  ])('are refused for %s with %j', async (text, given, code, message) => {
    expect(await backends.refused(() => bind(fn(text, given)))).toEqual({ code, message });
  });
});

describe('ModifyFunctionTargets', () => {
  test('replaces function, alias or weight of a rule in one task', async () => {
    await backends.settle(bind(fn('hello:live')));
    expect(await backends.settle(modify(fn('other', { Weight: 66 })))).toBe(0);
    expect(await bound()).toEqual([['other:$LATEST', 'VERSION', 66]]);
    expect(await backends.settle(modify(fn('other', { Weight: 5 })))).toBe(0);
    expect(await bound()).toEqual([['other:$LATEST', 'VERSION', 5]]);
  });

  test('counts the removed trigger as room for the new one', async () => {
    const rules = backends.account.loadBalancers['lb-cvm00001']?.listeners[0]?.rules ?? [];
    const [first] = rules;
    if (!first) throw new Error('not in the seed');
    const functions = [
      { namespace: 'default', name: 'hello', qualifier: '1', qualifierType: 'VERSION' as const, weight: 10 },
    ];
    for (let n = 0; n < 9; n += 1) {
      rules.push({ ...first, id: `loc-more000${n}`, url: `/${n}`, targets: [], functions });
    }
    await backends.settle(bind(fn('hello:live')));
    expect(await refusalCode(() => bind(fn('hello:live'), app))).toBe('LimitExceeded');
    expect(await backends.settle(modify(fn('hello:1')))).toBe(0);
    expect(await bound()).toEqual([['hello:1', 'VERSION', 10]]);
  });

  test('refusals', async () => {
    expect(await refusalCode(() => modify(fn('hello')))).toBe('ResourceNotFound');
    await backends.settle(bind(fn('hello:live')));
    expect(await refusalCode(() => modify(fn('hello'), fn('other')))).toBe('LimitExceeded');
    expect(await refusalCode(() => modify(fn('web')))).toBe('InvalidParameterValue');
    expect(await refusalCode(() => modify(fn('none')))).toBe('ResourceNotFound');
    expect(await refusalCode(() => modify())).toBe('InvalidParameterValue.Length');
  });

  test('binds on a rule without a function, as assumed', async () => {
    backends.assume('modifyFunction.withoutOne', 'binds');
    expect(await backends.settle(modify(fn('hello')))).toBe(0);
    expect(await bound()).toEqual([['hello:$LATEST', 'VERSION', 10]]);
  });
});

describe('assumptions about restrictions', () => {
  test('determine their codes', async () => {
    backends.assume('binding.R17', 'FailedOperation');
    backends.assume('binding.R7', 'InvalidParameter');
    expect(await refusalCode(() => bind(fn('hello'), shop))).toBe('FailedOperation');
    expect(await refusalCode(() => bind(fn('hello'), place.tcp))).toBe('InvalidParameter');
    const server = { ...place.idle, Targets: [{ InstanceId: 'ins-web00001', Port: 80 }] };
    await backends.settle(bind(fn('hello')));
    expect(await refusalCode(() => clb.RegisterTargets(server))).toBe('FailedOperation');
  });

  test('accept a function again with its new weight, or refuse it', async () => {
    await backends.settle(bind(fn('hello')));
    await backends.settle(bind(fn('hello', { Weight: 66 })));
    expect(await bound()).toEqual([['hello:$LATEST', 'VERSION', 66]]);
    expect(await refusalCode(() => bind(fn('hello:live')))).toBe('LimitExceeded');
    backends.assume('binding.duplicate', 'InvalidParameterValue.Duplicate');
    expect(await refusalCode(() => bind(fn('hello')))).toBe('InvalidParameterValue.Duplicate');
  });

  test('let the task fail instead of the call, without a change', async () => {
    backends.assume('binding.failsIn', 'task');
    const before = structuredClone(backends.account.loadBalancers);
    for (const [target, at, message] of [
      [fn('web'), place.idle, 'The function default/web is of type HTTP; only Event functions can be bound.'],
      [fn('hello'), place.tcp, 'This interface only support HTTP/HTTPS listener; lbl-tcp00001 is TCP.'],
      [fn('hello'), shop, 'The rule loc-shop0001 has servers; deregister them first.'],
    ] as const) {
      const { RequestId: id = '' } = await bind(target, at);
      expect((await clb.DescribeTaskStatus({ TaskId: id })).Status).toBe(2);
      backends.cloud.clock.advance(1000);
      expect(await clb.DescribeTaskStatus({ TaskId: id })).toMatchObject({ Status: 1, Message: message });
    }
    expect(backends.account.loadBalancers).toEqual(before);
    expect(await refusalCode(() => bind(fn('hello'), { LocationId: 'loc-none' }))).toBe(
      'InvalidParameter.LocationNotFound',
    );
  });
});

test('DeregisterFunctionTargets unbinds only functions that are bound', async () => {
  await backends.settle(bind(fn('hello:live')));
  const off = (text: string) =>
    clb.DeregisterFunctionTargets({ ...place.idle, FunctionTargets: [fn(text, { Weight: 66 })] });
  expect(await refusalCode(() => off('hello:1'))).toBe('ResourceNotFound');
  expect(await backends.settle(off('hello:live'))).toBe(0);
  expect(await bound()).toEqual([]);
  expect(await refusalCode(() => off('hello:live'))).toBe('ResourceNotFound');
});
