import { describe, expect, it } from 'vitest';
import { simulateCapacity } from '@/lib/capacity/simulate-capacity';
import { saleScenario } from '@/testing/capacity/sale-scenario';

/** Servers with room for everything, whose requests take `latencyMs`. */
const slow = (latencyMs: number, timeoutS: number, variation: number) =>
  simulateCapacity(
    saleScenario({
      durationS: 3600,
      demand: { kind: 'constant', rps: 100 },
      traffic: { changes: [] },
      cvm: { servers: 10, each: { kind: 'workers', workers: 1000, latencyMs }, timeoutS, variation },
    }),
  );

describe('servers whose requests take longer than the load balancer waits', () => {
  it('serve none of them if all take as long, without being full', () => {
    const { totals, goals, limits } = slow(5000, 1, 0);
    expect(totals.refusedBy.serverSlow).toBeCloseTo(totals.arrivals, 6);
    expect(totals.refusedBy.serverTimeout).toBeCloseTo(0, 6);
    expect(totals.served).toBeCloseTo(0, 6);
    expect(goals.areMet).toBe(false);
    expect(limits.find(({ kind }) => kind === 'servers')?.reachedAtS).toBeNull();
  });

  it('serve those of exponential durations that are shorter', () => {
    const { totals } = slow(5000, 10, 1);
    expect(totals.refusedShare).toBeCloseTo(Math.exp(-2), 9);
  });

  it('are not too few for those that also waited, but would have taken too long without it', () => {
    const { totals } = simulateCapacity(
      saleScenario({
        durationS: 3600,
        demand: { kind: 'constant', rps: 100 },
        traffic: { changes: [] },
        cvm: {
          servers: 1,
          each: { kind: 'workers', workers: 10, latencyMs: 5000 },
          timeoutS: 1,
          variation: 0,
        },
      }),
    );
    expect(totals.refusedBy.serverSlow).toBeCloseTo(totals.arrivals, 6);
    expect(totals.refusedBy.serverTimeout).toBeCloseTo(0, 6);
  });

  it('serve all of them if they are far shorter', () => {
    expect(slow(120, 60, 1).totals.refused).toBe(0);
  });
});
