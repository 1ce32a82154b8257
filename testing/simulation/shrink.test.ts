import { expect, it } from 'vitest';
import type { Scenario } from './cloud/scenario';
import { generateScenario } from './generate-scenario';
import { shrink } from './shrink';

it('reduces a scenario to what makes it fail', async () => {
  const full: Scenario = {
    ...generateScenario(1),
    faults: [
      { on: 'write', nth: 1, fault: { kind: 'replyLost' } },
      { on: 'write', nth: 2, fault: { kind: 'partial' } },
    ],
    traps: [
      { moment: { at: 'before send', nth: 0 }, deed: { kind: 'jump', byMs: 5 } },
      { moment: { at: 'in take', nth: 3 }, deed: { kind: 'say', command: 'hold' } },
    ],
    decisions: ['retry', 'revert'],
    keepAliveS: 75,
    revertsDone: true,
  };
  let asked = 0;
  const least = await shrink(full, async ({ faults, traps }) => {
    asked += 1;
    return (
      faults.some(({ fault }) => fault.kind === 'partial') && traps.some(({ deed }) => deed.kind === 'say')
    );
  });
  expect(least).toEqual({
    seed: full.seed,
    faults: [full.faults[1]],
    traps: [full.traps[1]],
    outages: [],
    stops: [],
    decisions: [],
    keepAliveS: 0,
    decidesAfterS: 1,
    clockwork: null,
    revertsDone: false,
  });
  expect(asked).toBeLessThan(60);
});
