import { describe, expect, it } from 'vitest';
import { compareEvents } from '@/lib/rehearsal/report/compare-events';
import { RehearsalResult } from '@/lib/rehearsal/report/drill-report';
import { testRehearsal } from '@/testing/rehearsal/test-rehearsal';
import { fireDrill } from './fire-drill';
import { rehearse } from './rehearse';

const faults = { kinds: ['functionFails' as const, 'apiErrors' as const], count: 1, given: [] };

describe('a fire drill', () => {
  it('counts the events that ended well, keeps the worst, and draws the same again', async () => {
    const input = testRehearsal({ settings: { faults, events: 4, seed: 1 } });
    const result = await fireDrill(input);
    const { report, drill } = result;
    expect(RehearsalResult.parse(result)).toEqual(result);
    expect(drill?.events.map(({ seed }) => seed)).toEqual([1, 2, 3, 4]);
    const met = drill?.events.filter(({ verdict }) => verdict === 'met') ?? [];
    const missed = drill?.events.filter((event) => event.missed.length > 0) ?? [];
    expect(met.length).toBeGreaterThan(0);
    expect(missed.length).toBeGreaterThan(0);
    expect(drill).toMatchObject({ endedWell: met.length, verdict: 'missed', worstSeed: report.seed });
    expect(drill?.interval.low).toBeLessThan(met.length / 4);
    expect(drill?.interval.high).toBeGreaterThan(met.length / 4);
    const [gravest] = drill?.events.toSorted(compareEvents) ?? [];
    expect(gravest?.missed.length).toBeGreaterThan(0);
    expect(report.seed).toBe(gravest?.seed);
    expect(await rehearse({ ...input, seed: report.seed })).toEqual(report);
  });

  it('continues after the events that have ended with the same result, also if one of them was the worst', async () => {
    const input = testRehearsal({ settings: { faults, events: 4, seed: 1 } });
    const whole = await fireDrill(input);
    for (const kept of [1, 3, 4]) {
      const seen: number[] = [];
      const finished = whole.drill?.events.slice(0, kept) ?? [];
      const result = await fireDrill(input, { finished, onEvent: ({ seed }) => seen.push(seed) });
      expect(result, `${kept} events are kept`).toEqual(whole);
      expect(seen).toEqual([1, 2, 3, 4].slice(kept));
    }
  });

  it('names the faults of each event with the answers of the run', async () => {
    const { report, drill } = await fireDrill(testRehearsal({ settings: { faults, events: 2, seed: 1 } }));
    const worst = drill?.events.find(({ seed }) => seed === report.seed);
    expect(worst?.faults).toEqual(report.faults.map(({ kind, answer }) => ({ kind, answer })));
    expect(worst?.faults).toHaveLength(1);
  });

  it('meets its goals if all of its events do, and reports the progress of all of them', async () => {
    const shares: number[] = [];
    const input = testRehearsal({ settings: { events: 3, seed: 0xffff_fffe } });
    const { drill } = await fireDrill(input, { onProgress: ({ share }) => shares.push(share) });
    expect(drill).toMatchObject({ verdict: 'met', endedWell: 3, interval: { high: 1 } });
    expect(drill?.events.map(({ seed }) => seed)).toEqual([0xffff_fffe, 0xffff_ffff, 0]);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
    expect(shares.at(-1)).toBeGreaterThan(0.9);
  });

  it('of one event is its report', async () => {
    const input = testRehearsal({ settings: { faults, seed: 5 } });
    expect(await fireDrill(input)).toEqual({ report: await rehearse(input), drill: null });
  });

  it('ends between events when it is canceled', async () => {
    const canceled = new AbortController();
    const input = testRehearsal({ settings: { events: 100 } });
    const onProgress = ({ share }: { readonly share: number }) => {
      if (share > 0.015) canceled.abort();
    };
    await expect(fireDrill(input, { onProgress, signal: canceled.signal })).rejects.toThrow('canceled');
  });
});
