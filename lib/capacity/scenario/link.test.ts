import { describe, expect, it } from 'vitest';
import { saleScenario } from '@/testing/capacity/sale-scenario';
import { decodeScenario, encodeScenario, linkLengthMost, parseScenario } from './link';

const noise = (points: number) => ({
  demand: {
    kind: 'series' as const,
    startS: 0,
    intervalS: 10,
    rps: Array.from({ length: points }, (_, index) => 1000 + 500 * Math.sin(index * index)),
  },
});

describe('a scenario in a link', () => {
  it('is the same after it', async () => {
    const scenario = saleScenario({ startsAt: '2026-12-12T00:00:00Z', assumptions: { 'rule.gapS': 3 } });
    const encoded = await encodeScenario(scenario);
    expect(encoded?.isThinned).toBe(false);
    expect(encoded?.text.length).toBeLessThan(1500);
    expect(await decodeScenario(encoded?.text ?? '')).toEqual({ ok: true, scenario });
  });

  it('has a long series with fewer points', async () => {
    const encoded = await encodeScenario(saleScenario(noise(8000)));
    expect(encoded?.isThinned).toBe(true);
    expect(encoded?.text.length).toBeLessThanOrEqual(linkLengthMost);
    const decoded = await decodeScenario(encoded?.text ?? '');
    if (!decoded.ok || decoded.scenario.demand.kind !== 'series') return expect.fail();
    const { intervalS, rps } = decoded.scenario.demand;
    expect(intervalS * rps.length).toBeCloseTo(80_000, -3);
    return expect(rps.length).toBeGreaterThan(200);
  });

  it.each(['', 'abc', '%%%', 'a'.repeat(linkLengthMost + 1), btoa('{}').replaceAll('=', '')])(
    'is refused if it is not one (%#)',
    async (text) => {
      expect(await decodeScenario(text)).toMatchObject({ ok: false, field: '' });
    },
  );

  it('is refused if it unfolds to too much', async () => {
    const stream = new Blob([' '.repeat(5_000_000)])
      .stream()
      .pipeThrough(new CompressionStream('deflate-raw'));
    const data = new Uint8Array(await new Response(stream).arrayBuffer()).slice(0, 5000);
    const text = btoa(String.fromCharCode(...data))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '');
    expect(await decodeScenario(text)).toMatchObject({ ok: false });
  });

  it('names the field that is wrong', () => {
    const of = (change: object) => parseScenario({ ...saleScenario(), ...change });
    expect(of({ durationS: -1 })).toMatchObject({ ok: false, field: 'durationS' });
    expect(of({ more: 1 })).toMatchObject({ ok: false, message: expect.stringContaining('more') });
    expect(of({ stepS: 1, durationS: 1_000_000 })).toMatchObject({ field: 'stepS' });
    expect(of({ regions: [{ region: 'ap-tokyo', quotaMb: 1 }] })).toMatchObject({
      field: 'functions.0.region',
      message: 'Add ap-singapore to regions.',
    });
    const [fn] = saleScenario().functions;
    const slow = { kind: 'lognormal', meanMs: 100, p95Ms: 1000 };
    expect(of({ functions: [{ ...fn, duration: slow }] })).toMatchObject({
      field: 'functions.0.duration.p95Ms',
      message: expect.stringContaining('measured quantiles'),
    });
    const changes = [
      { atS: 10, functionShare: 1 },
      { atS: 5, functionShare: 0 },
    ];
    expect(of({ traffic: { changes } })).toMatchObject({ field: 'traffic.changes' });
  });
});
