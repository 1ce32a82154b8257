import { expect, it } from 'vitest';
import { FunctionPools } from '@/lib/rehearsal/traffic/function-pools';
import { rehearsalScenario } from '@/testing/rehearsal/test-rehearsal';
import { testWorld, worldFunction } from '@/testing/sandbox/data-plane/test-world';
import { Recorder } from './recorder';

it('bills each function for its own calls, also if one of another namespace has its name', () => {
  const functions = Object.fromEntries(
    ['default', 'flash'].map((namespace) => [
      `ap-singapore/${namespace}/sale`,
      worldFunction({ name: 'sale', namespace }),
    ]),
  );
  const { world } = testWorld({ functions });
  const scenario = rehearsalScenario();
  const pools = new FunctionPools(scenario, () => world, Object.keys(functions), 0);
  const rps = new Map([
    ['ap-singapore/default/sale', 2],
    ['ap-singapore/flash/sale', 5],
  ]);
  const recorder = new Recorder({
    fromMs: 0,
    untilMs: 360_000,
    zeroMs: 0,
    scenario,
    functions: pools.functions,
    world: () => world,
  });
  const step = {
    fromMs: 0,
    dtS: 1,
    offered: 7,
    attempts: 7,
    served: 7,
    failed: {},
    lost: 0,
    pending: 0,
    toServers: 0,
    toFunctions: 7,
    toNothing: 0,
    queued: 0,
    waitP50S: 0,
    waitP95S: 0,
    waitP99S: 0,
    waits: [],
    coldStarts: 0,
    balancers: [],
    rules: new Map(),
    failedAt: new Map(),
    functions: pools.step(rps, new Map(), 1, 500),
  };
  recorder.add(step, { intendedShare: 1, movedShare: 1 });
  const calls = recorder.finish().cost.lines.filter(({ item }) => item === 'calls');
  expect(calls.map(({ name, quantity }) => [name, quantity])).toEqual([
    ['default/sale', expect.closeTo(2, 9)],
    ['flash/sale', expect.closeTo(5, 9)],
  ]);
});
