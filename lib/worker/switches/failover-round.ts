import type { Cloud } from '@/lib/cloud/port';
import type { FailoverPolicy } from '@/lib/diversion/failover';
import type { SwitchSide } from '@/lib/diversion/switch';
import type { HttpProbe, Prober } from '@/lib/estate/probe';
import { toBoundFunction } from '@/lib/plan/diff/diff-rule';
import { otherSide, type Sides, sideProbe } from '@/lib/plan/model/switch-sides';
import type { HealthAnswer, HealthRound } from '@/lib/run/model/failover';

const noAddress: HealthAnswer = { passed: false, latencyMs: 0, failure: 'the load balancer has no address' };

/** Probes the serving side from each vantage point, and the other one through its address. */
export async function askRound(
  prober: Prober,
  {
    sides,
    serving,
    policy,
    at,
  }: {
    readonly sides: Sides;
    readonly serving: SwitchSide;
    readonly policy: FailoverPolicy;
    readonly at: string;
  },
): Promise<HealthRound> {
  const ask = async (probe: HttpProbe | undefined): Promise<HealthAnswer> => {
    if (probe === undefined) return noAddress;
    const { passed, latencyMs, failure } = await prober.probe(probe);
    return { passed, latencyMs, failure };
  };
  const own = sideProbe(sides, serving);
  const fromEach = policy.vantages.map((vantage) => {
    if (own === undefined || vantage.kind === 'address') return ask(own);
    const { resolver } = vantage;
    return ask({ ...own, address: own.host, ...(resolver === null ? {} : { resolver }) });
  });
  const other = ask(sideProbe(sides, otherSide(serving)));
  return { at, serving, seen: await Promise.all(fromEach), receiving: await other };
}

/** Measures the receiving side, as far as the policy requires. */
export async function measureRoom(
  cloud: Pick<Cloud, 'measure'>,
  policy: FailoverPolicy,
  {
    sides,
    receiving,
  }: {
    readonly sides: Sides;
    readonly receiving: SwitchSide;
  },
): Promise<Readonly<Record<string, number | null>>> {
  const { ref, route: own } = sides[receiving];
  const { kind: _kind, ...rule } = ref;
  const route = { ...rule, functions: own.to === 'function' ? [toBoundFunction(own.function)] : [] };
  const room = policy.capacity.map(
    async ({ measure }) => [measure, (await cloud.measure(measure, [route])).value] as const,
  );
  return Object.fromEntries(await Promise.all(room));
}
