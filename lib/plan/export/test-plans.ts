import fc from 'fast-check';
import { invariant } from '@/lib/invariant';
import { generateSituation } from '@/lib/simulation/generate-situation';
import { randomOf } from '@/lib/simulation/random';
import type { Plan } from '../model';
import { planDiversion } from '../plan-diversion';
import { testEstate, testSplit } from '../test-estate';

function planned(result: ReturnType<typeof planDiversion>): Plan {
  invariant(result.ok, 'the estate has what the diversion names');
  return result.value;
}

/** A plan of the planner over a random estate: Splits and Switches, from nothing to do to a ramp over several lines. */
function planOfSeed(seed: number): Plan {
  return planned(planDiversion({ ...generateSituation(randomOf(seed)), keepAliveS: 75 }));
}

/** A Split with something of everything: a rule, a binding, a DNS move, probes, a drain on the way back. */
export const testPlan: Plan = planned(
  planDiversion({ estate: testEstate(), diversion: testSplit(), keepAliveS: 75 }),
);

export const anyPlan: fc.Arbitrary<Plan> = fc.nat().map(planOfSeed);

/** Any text that a JSON file can bring and a program can be told, whatever it does to quoting. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom(...`'"\`$\\!&;|<>(){}[]*?~#=%^ \t\n\r-@,:./aZ0éß默\u2028`) }),
  fc.constantFrom("'; touch /tmp/x; '", '$(id)', '`id`', '\nJSON\nid\n', '$1', '{{1}}', '--', '-n', "\\'"),
);
