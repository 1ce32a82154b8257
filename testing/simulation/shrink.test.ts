import { expect, it } from 'vitest';
import type { Scenario } from './cloud/scenario';
import { generateScenario } from './generate-scenario';
import { shrink } from './shrink';

it('reduces a scenario to the elements that make it fail', async () => {
  const full: Scenario = {
    ...generateScenario(1),
    faults: [
      { on: 'write', nth: 1, fault: { kind: 'replyLost' } },
      { on: 'write', nth: 2, fault: { kind: 'partial' } },
    ],
    triggers: [
      { moment: { at: 'before send', nth: 0 }, event: { kind: 'jump', byMs: 5 } },
      { moment: { at: 'in take', nth: 3 }, event: { kind: 'command', command: 'pause' } },
    ],
    decisions: ['continue', 'rollback'],
    keepAliveS: 75,
    rollbackStepsDone: true,
  };
  let asked = 0;
  const least = await shrink(full, async ({ faults, triggers }) => {
    asked += 1;
    return (
      faults.some(({ fault }) => fault.kind === 'partial') &&
      triggers.some(({ event }) => event.kind === 'command')
    );
  });
  expect(least).toEqual({
    seed: full.seed,
    faults: [full.faults[1]],
    triggers: [full.triggers[1]],
    outages: [],
    stops: [],
    gates: [],
    decisions: [],
    keepAliveS: 0,
    decidesAfterS: 1,
    clockwork: null,
    rollbackStepsDone: false,
  });
  expect(asked).toBeLessThan(60);
});
