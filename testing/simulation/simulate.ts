import type { Plan } from '@/lib/plan/model/model';
import { planDiversion } from '@/lib/plan/plan-diversion';
import type { Scenario } from './cloud/scenario';
import { generateSituation } from './generate-situation';
import { operate } from './operate';
import { createRandom } from './random';
import { buildSetup } from './run-input';
import { type Breaker, SimulatedRun } from './simulated-run';
import { SimulationTrace } from './trace';

/** A run takes hours at most; one that runs longer is stuck. */
const stuckMs = 24 * 3_600_000;

/** The outcome of a scenario: the first broken invariant, null when all stopped; and the trace. */
export type Outcome = { readonly broken: string | null; readonly trace: SimulationTrace };

/** Introduces mistakes into a run, to test whether they are noticed. */
export type Mutant = Breaker & { readonly plan?: (plan: Plan) => Plan };

/** Runs one scenario from its plan to its end, in virtual time. The same scenario always runs the same way. */
export async function simulate(scenario: Scenario, mutant: Mutant = {}): Promise<Outcome> {
  const { estate, diversion } = generateSituation(createRandom(scenario.seed));
  const planned = planDiversion({ estate, diversion, keepAliveS: scenario.keepAliveS });
  if (!planned.ok || planned.value.steps.length === 0) {
    const trace = new SimulationTrace(() => 0);
    trace.add('end', 'nothing to do');
    return { broken: null, trace };
  }
  const plan = mutant.plan?.(planned.value) ?? planned.value;
  const text = JSON.stringify(plan);
  const run = new SimulatedRun(scenario, estate, buildSetup(plan, scenario.clockwork), mutant);
  run.clock.after(stuckMs, () => run.breaks('the run is stuck'));
  const broken = await run.clock.run(Promise.race([operate(run, scenario).then(() => null), run.broken]));
  const isSame = JSON.stringify(plan) === text;
  return { broken: broken ?? (isSame ? null : 'the plan was changed'), trace: run.trace };
}
