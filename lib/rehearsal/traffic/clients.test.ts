import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Population } from '@/lib/rehearsal/input';
import { createSeededRandom } from '@/lib/rehearsal/seeded-random';
import { ClientGroups } from './clients';
import type { Resolved } from './served-routes';

const old: Resolved = { addresses: ['10.0.0.1'], ttlS: 60, values: ['10.0.0.1'] };
const moved: Resolved = { addresses: ['10.0.0.2'], ttlS: 60, values: ['10.0.0.2'] };

/** Returns the share of a host's requests that go to an address. */
function shareAt(clients: ClientGroups, address: string, nowMs: number): number {
  const found = clients.shares(0, nowMs).filter(({ addresses }) => addresses?.includes(address));
  return found.reduce((sum, { share }) => sum + share, 0);
}

/** Clients of one name that moves after 10 s. */
function movingClients(given: Partial<Population>): { clients: ClientGroups; at: (s: number) => number } {
  let now: Resolved | null = old;
  const population = Population.parse({ overstay: { share: 0, seconds: 1 }, ...given });
  const clients = new ClientGroups(['a'], population, () => now, createSeededRandom(1), 0);
  const at = (s: number) => {
    if (s >= 10) now = moved;
    return shareAt(clients, '10.0.0.2', s * 1000);
  };
  return { clients, at };
}

describe('the clients of a rehearsal', () => {
  it('have all moved once the TTL and their connections have ended, and not before the change', () => {
    const { at } = movingClients({ keepAlive: { share: 0.5, seconds: 75 } });
    const shares = Array.from({ length: 160 }, (_, s) => at(s));
    expect(shares.slice(0, 10).every((share) => share === 0)).toBe(true);
    expect(shares.every((share, s) => s === 0 || share >= (shares[s - 1] ?? 0) - 1e-9)).toBe(true);
    expect(shares[69]).toBeLessThan(1);
    expect(shares[10 + 60 + 75]).toBeCloseTo(1, 9);
  });

  it('that overstay a TTL move as late as they are told to', () => {
    const { at } = movingClients({
      keepAlive: { share: 0, seconds: 0 },
      overstay: { share: 0.2, seconds: 600 },
    });
    expect(at(9)).toBe(0);
    for (let s = 10; s <= 70; s += 1) at(s);
    expect(at(71)).toBeGreaterThanOrEqual(0.8);
    expect(at(71)).toBeLessThan(1);
    // Some have asked their resolver right before its own answer ended.
    for (let s = 72; s <= 670; s += 1) at(s);
    expect(at(671)).toBeCloseTo(1, 9);
  });

  it('have no address while their resolver is silent, and get one within seconds afterwards', () => {
    const clients = new ClientGroups(
      ['a'],
      Population.parse({ overstay: { share: 0, seconds: 1 }, keepAlive: { share: 0, seconds: 0 } }),
      () => old,
      createSeededRandom(1),
      0,
    );
    clients.silence(1);
    for (let s = 0; s <= 61; s += 1) clients.shares(0, s * 1000);
    expect(shareAt(clients, '10.0.0.1', 62_000)).toBe(0);
    clients.silence(0);
    for (let s = 63; s <= 70; s += 1) clients.shares(0, s * 1000);
    expect(shareAt(clients, '10.0.0.1', 71_000)).toBeCloseTo(1, 9);
  });

  it('are always all of them, whatever answers they get', () => {
    const both = [...old.addresses, ...moved.addresses];
    const answers = [null, old, moved, { addresses: both, ttlS: 5, values: both }];
    const steps = fc.array(fc.record({ answer: fc.nat(3), s: fc.integer({ min: 1, max: 90 }) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(steps, fc.nat(100), fc.double({ min: 0, max: 1, noNaN: true }), (list, seed, kept) => {
        let answer: Resolved | null = old;
        const population = Population.parse({ resolvers: 7, keepAlive: { share: kept, seconds: 75 } });
        const clients = new ClientGroups(['a'], population, () => answer, createSeededRandom(seed), 0);
        let nowMs = 0;
        for (const step of list) {
          answer = answers[step.answer] ?? null;
          nowMs += step.s * 1000;
          const shares = clients.shares(0, nowMs);
          expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
          for (const { share } of shares) expect(share).toBeGreaterThan(0);
        }
      }),
    );
  });
});
