import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '@/lib/rehearsal/seeded-random';
import { drawDuration, EchoRuntime } from './echo-runtime';

const code = {
  uin: '1',
  appId: 1,
  region: 'ap-singapore',
  namespace: 'default',
  name: 'shop',
  version: '1',
  zip: '',
  handler: 'index.main_handler',
  runtime: 'Go1',
  memoryMb: 128,
  timeoutS: 3,
  initTimeoutS: 3,
  environment: {},
};

function echo(ms = 1, down = false, texts: readonly string[] = []) {
  return new EchoRuntime({
    findDuration: () => ({ kind: 'fixed', ms }),
    coldStartMs: 0,
    idleMs: 60_000,
    random: createSeededRandom(1),
    nowMs: () => 0,
    expectedTexts: () => texts,
    isDown: () => down,
  });
}

describe('the echo of a function', () => {
  it('answers with its event, in any runtime', async () => {
    const { result } = await echo().invoke(code, { path: '/sale' });
    expect(result).toMatchObject({
      kind: 'answer',
      value: { statusCode: 200, headers: { 'x-rehearsal-function': 'ap-singapore/default/shop' } },
    });
    expect(JSON.stringify(result)).toContain('/sale');
  });

  it('answers with the texts that probes expect, as they are written', async () => {
    const { result } = await echo(1, false, ['Halo "dunia"', 'kedua']).invoke(code, null);
    const { body } = (result.kind === 'answer' ? result.value : {}) as { readonly body?: string };
    expect(body?.split('\n').slice(1)).toEqual(['Halo "dunia"', 'kedua']);
  });

  it('starts an instance for a call that finds none free, unless instances are kept warm', async () => {
    const runtime = echo();
    const cold = async () => (await runtime.invoke(code, null)).coldStart;
    expect(await Promise.all([cold(), cold()])).toEqual([true, true]);
    expect(await Promise.all([cold(), cold(), cold()])).toEqual([false, false, true]);
    expect(runtime.takeUse()).toEqual({ busyMost: 3, coldStarts: 3 });
    expect(runtime.takeUse()).toEqual({ busyMost: 0, coldStarts: 0 });
    await runtime.keepWarm([{ code: { ...code, version: '2' }, count: 1 }]);
    expect((await runtime.invoke({ ...code, version: '2' }, null)).coldStart).toBe(false);
  });

  it('fails when it is made to, and ends at its timeout', async () => {
    expect((await echo(1, true).invoke(code, null)).result.kind).toBe('userError');
    expect((await echo(100).invoke({ ...code, timeoutS: 0.001 }, null)).result.kind).toBe('timeout');
  });
});

it('draws durations from each kind of distribution', () => {
  expect(drawDuration({ kind: 'fixed', ms: 5 }, 0.3)).toBe(5);
  const lognormal = { kind: 'lognormal', meanMs: 100, p95Ms: 200 } as const;
  expect(drawDuration(lognormal, 0.95)).toBeCloseTo(200, 0);
  const points = [
    { p: 0.5, ms: 10 },
    { p: 1, ms: 20 },
  ];
  expect(drawDuration({ kind: 'quantiles', points }, 0.2)).toBe(10);
  expect(drawDuration({ kind: 'quantiles', points }, 0.75)).toBe(15);
});
