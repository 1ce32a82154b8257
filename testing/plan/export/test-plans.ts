import fc from 'fast-check';
import { objectKey, sameState } from '@/lib/estate/object-state';
import { invariant } from '@/lib/invariant';
import type { Plan } from '@/lib/plan/model/model';
import { planDiversion } from '@/lib/plan/plan-diversion';
import { planRestore } from '@/lib/plan/plan-restore';
import { bindSteps } from '@/lib/run/model/placeholders';
import { buildEdit } from '@/testing/simulation/cloud/foreign-edit';
import { createStock, readObject } from '@/testing/simulation/cloud/stock';
import { generateSituation, generateWaves } from '@/testing/simulation/generate-situation';
import { createRandom } from '@/testing/simulation/random';
import { testEstate, testSplit } from '../test-estate';
import { readAgain } from '../test-read-again';
import { walkThere } from '../test-walk';

function planned(result: ReturnType<typeof planDiversion>): Plan {
  invariant(result.ok, 'the estate has what the diversion names');
  return result.value;
}

/**
 * Returns a plan of the planner over a random estate: Splits and Switches, from an empty plan to a ramp over several
 * lines.
 */
function planOfSeed(seed: number): Plan {
  return planned(planDiversion({ ...generateSituation(createRandom(seed)), keepAliveS: 75 }));
}

/** Returns a plan of a Switch whose names move in waves, over a random estate. */
function wavesOfSeed(seed: number): Plan {
  return planned(planDiversion({ ...generateWaves(createRandom(seed)), keepAliveS: 75 }));
}

/** A Split with each kind of step: a rule, a binding, a DNS move, probes, a drain on rollback. */
export const testPlan: Plan = planned(
  planDiversion({ estate: testEstate(), diversion: testSplit(), keepAliveS: 75 }),
);

/** Returns a plan that restores a random diversion after drift; the diversion's own plan if nothing has drifted. */
function restoreOfSeed(seed: number): Plan {
  const random = createRandom(seed);
  const { estate, diversion } = generateSituation(random);
  const plan = planned(planDiversion({ estate, diversion, keepAliveS: 75 }));
  if (diversion.creates.loadBalancers.length > 0 || plan.steps.length === 0) return plan;
  const there = walkThere(createStock(estate), plan, () => 0);
  const steps = bindSteps(plan.steps, there.placeholders);
  const bound = { ...plan, steps };
  const edit = { kind: 'own', object: random.int(0, 9), variant: random.int(0, 29) } as const;
  const foreign = buildEdit(bound, edit, there.stock);
  if (foreign === null) return plan;
  const stock = foreign.change(there.stock, () => random.int(2_000_000, 3_000_000));
  const last = new Map(steps.flatMap((s) => (s.kind === 'write' ? [[objectKey(s.object), s] as const] : [])));
  const restores = [...last.values()]
    .filter(({ object, after }) => !sameState(readObject(stock, object).state, after))
    .map(({ object, after: state }) => ({ object, state }));
  const restored = planRestore({ estate: readAgain(estate, stock), diversion, restores, keepAliveS: 75 });
  return restored.ok ? restored.value : plan;
}

export const anyPlan: fc.Arbitrary<Plan> = fc.oneof(
  fc.nat().map(planOfSeed),
  fc.nat().map(restoreOfSeed),
  fc.nat().map(wavesOfSeed),
);

/** Any text that a JSON file can contain and a program can receive, including special characters of shells. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...`'"\`$\\!&;|<>(){}[]*?~#=%^ \t\n\r-@,:./aZ0éß默\u2028`) }),
  fc.constantFrom("'; touch /tmp/x; '", '$(id)', '`id`', '\nJSON\nid\n', '$1', '{{1}}', '--', '-n', "\\'"),
);
