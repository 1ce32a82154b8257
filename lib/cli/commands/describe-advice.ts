import { type CapacityAdvice, shardsMost } from '@/lib/capacity/advice/advise';
import type { CapacityScenario } from '@/lib/capacity/scenario/scenario';

const count = (value: number) => Math.round(value).toLocaleString('en');
const percent = (share: number) => `${Number((share * 100).toPrecision(3))} %`;

/** Writes a time of a scenario: its instant, or the seconds from its start. */
function writeTime({ startsAt }: CapacityScenario, atS: number): string {
  return startsAt === null
    ? `${Math.round(atS)} s`
    : new Date(Date.parse(startsAt) + atS * 1000).toISOString();
}

function writeOutcome(name: string, of: CapacityAdvice['now'], currency: string): string {
  const { refusedShare, waitP95Ms, cost, areGoalsMet } = of;
  const goals = areGoalsMet ? 'meets its goals' : 'misses its goals';
  return `${name} ${goals}: ${percent(refusedShare)} refused, wait p95 ${count(waitP95Ms)} ms, ${cost.toFixed(2)} ${currency}`;
}

/** Words advice on a scenario, one subject in a line. */
export function describeAdvice(scenario: CapacityScenario, advice: CapacityAdvice): string {
  const { now, provisioned, divertEarlierS, quotas, spike, shards, mixes, sensitivity, advised } = advice;
  const { currency } = scenario.prices;
  const [cheapest] = mixes;
  const lines = [
    writeOutcome('Without changes, the event', now, currency),
    ...(provisioned.kind === 'beyondQuota'
      ? [`The quota is too small: ${count(provisioned.fitting)} instances fit.`]
      : provisioned.instances === 0
        ? ['No provisioned instances are needed.']
        : [
            `Provision ${count(provisioned.instances)} instances, and start prewarm at ${writeTime(scenario, provisioned.prewarmAtS)} at the latest; warming up takes ${count(provisioned.warmUpS)} s.${provisioned.isInTime ? '' : ' That is too early.'}`,
            ...provisioned.byFunction.map(
              ({ region, name, instances }) => `  ${region}/${name}: ${count(instances)}`,
            ),
          ]),
    ...(divertEarlierS === null || divertEarlierS === 0
      ? []
      : [`Divert ${count(divertEarlierS)} s earlier.`]),
    ...quotas
      .filter(({ neededMb, quotaMb }) => neededMb !== null && neededMb > quotaMb)
      .map(
        ({ region, neededMb, quotaMb, leadDays }) =>
          `Request a quota of ${count(neededMb ?? 0)} MB in ${region} (now ${count(quotaMb)} MB), ${leadDays} days in advance.`,
      ),
    ...(shards.functions === null
      ? [`Even ${shardsMost} functions in place of each don't suffice (${shards.why}).`]
      : []),
    ...(shards.functions === null || shards.functions <= 1
      ? []
      : [`Or split each function into ${shards.functions}, in ${shards.regions} region(s) (${shards.why}).`]),
    spike.factor === 0
      ? "The set-up can't handle any part of the demand within its goals."
      : `The set-up can handle ${Number(spike.factor.toFixed(2))} times the demand: ${count(spike.peakRps)} req/s.`,
    ...(cheapest?.areGoalsMet
      ? [
          `The cheapest mix has ${percent(cheapest.part)} of the moved requests on functions, with ${count(cheapest.instances ?? 0)} provisioned instances, for ${cheapest.cost.toFixed(2)} ${currency}.`,
        ]
      : []),
    ...(sensitivity.length === 0
      ? []
      : [
          `Assumptions that matter most: ${sensitivity
            .slice(0, 3)
            .map(({ name }) => name)
            .join(', ')}`,
        ]),
    writeOutcome('With the advice, it', advised.outcome, currency),
  ];
  return `${lines.join('\n')}\n`;
}
