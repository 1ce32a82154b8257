import { describe, expect, it } from 'vitest';
import { CapacityAssumptions } from '@/lib/capacity/scenario/assumptions';
import { createRandom } from '@/testing/simulation/random';
import { TrafficShares } from './traffic-shares';

const none = CapacityAssumptions.parse({ 'dns.overstayShare': 0 });

function listShares(shares: TrafficShares, steps: number, dtS = 10) {
  return Array.from({ length: steps }, () => shares.step(dtS));
}

describe('shares that move by DNS', () => {
  const moved = (ttlS: number, changes: readonly { atS: number; functionShare: number }[]) => ({
    how: 'dns' as const,
    ttlS,
    functionShare: 0,
    changes: [...changes],
  });

  it('move linearly over one TTL without kept connections', () => {
    const shares = new TrafficShares(moved(60, [{ atS: 20, functionShare: 1 }]), { connectionS: 0 }, none);
    // Means of 10 s: the first step after the change goes from 0 to 1/6.
    const actual = listShares(shares, 10).map((step) => Math.round(step.actual * 12));
    expect(actual).toEqual([0, 0, 1, 3, 5, 7, 9, 11, 12, 12]);
  });

  it('move at once with a TTL of 0, and follow a ramp and a rollback', () => {
    const changes = [
      { atS: 10, functionShare: 0.5 },
      { atS: 25, functionShare: 1 },
      { atS: 40, functionShare: 0 },
    ];
    const shares = new TrafficShares(moved(0, changes), { connectionS: 0 }, none);
    expect(listShares(shares, 5).map(({ actual }) => actual)).toEqual([0, 0.5, 0.75, 1, 0]);
    expect(listShares(new TrafficShares(moved(600, changes), { connectionS: 0 }, none), 5)[2]?.intended).toBe(
      0.75,
    );
  });

  it('agree with clients that each have a resolver, some of which overstay, and connections', () => {
    const assumptions = CapacityAssumptions.parse({ 'dns.overstayShare': 0.2, 'dns.overstayFactor': 4 });
    const [ttlS, connectionS, changeAtS] = [60, 30, 100];
    const shares = new TrafficShares(
      moved(ttlS, [{ atS: changeAtS, functionShare: 1 }]),
      { connectionS },
      assumptions,
    );
    const random = createRandom(7);
    const clients = 40_000;
    const arrived = new Float64Array(60);
    for (let client = 0; client < clients; client += 1) {
      const keepS = random.chance(0.2) ? ttlS * 4 : ttlS;
      // The answer was cached at a random phase, and the next one comes when it expires.
      const refreshedAtS = changeAtS + random.next() * keepS;
      // It then opens its next connection when the present one ends.
      const movedAtS = refreshedAtS - connectionS * Math.log(1 - random.next());
      for (let step = 0; step < 60; step += 1) {
        const part = Math.min(10, Math.max(0, (step + 1) * 10 - movedAtS)) / 10;
        arrived[step] = (arrived[step] ?? 0) + part / clients;
      }
    }
    for (const [step, { actual }] of listShares(shares, 60).entries())
      expect(Math.abs(actual - (arrived[step] ?? 0))).toBeLessThan(0.01);
  });

  it.each([60, 600])('are the same wherever second 0 is, with a TTL of %i s', (ttlS) => {
    const clients = { connectionS: 30 };
    const later = listShares(
      new TrafficShares(moved(ttlS, [{ atS: 700, functionShare: 1 }]), clients, none),
      160,
    );
    const earlier = listShares(
      new TrafficShares(moved(ttlS, [{ atS: -300, functionShare: 1 }]), clients, none),
      60,
    );
    for (const [step, { actual }] of earlier.entries())
      expect(Math.abs(actual - (later[step + 100]?.actual ?? 0))).toBeLessThan(0.01);
  });

  it('start with the share of the changes before the first step', () => {
    const traffic = moved(60, [{ atS: -3600, functionShare: 0.3 }]);
    expect(new TrafficShares(traffic, { connectionS: 30 }, none).step(10).actual).toBeCloseTo(0.3, 9);
  });
});

describe('shares that move by a rule', () => {
  it('move at once, after a gap without a backend', () => {
    const assumptions = CapacityAssumptions.parse({ 'rule.gapS': 4 });
    const traffic = {
      how: 'rule' as const,
      ttlS: 60,
      functionShare: 0,
      changes: [{ atS: 18, functionShare: 1 }],
    };
    const steps = listShares(new TrafficShares(traffic, { connectionS: 30 }, assumptions), 4);
    expect(steps.map(({ gapS }) => gapS)).toEqual([0, 2, 2, 0]);
    expect(steps.map(({ actual }) => actual)).toEqual([0, 0.2, 1, 1]);
    expect(steps.map(({ jump }) => jump)).toEqual([0, 1, 0, 0]);
  });
});
