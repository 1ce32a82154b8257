import { describe, expect, it } from 'vitest';
import { Demand, demandRpsMax, peakDemand, sampleDemand, scaleDemand } from './demand';
import { parseSeries, seriesCharactersMax } from './parse-series';

const sample = (demand: Parameters<typeof Demand.parse>[0], steps: number, stepS = 10) =>
  sampleDemand(Demand.parse(demand), steps, stepS);
const round = (values: Float64Array) => Array.from(values, Math.round);

describe('demand', () => {
  it('ramps, and stays before and after', () => {
    const demand = { kind: 'ramp', fromRps: 0, toRps: 100, startS: 10, endS: 30 };
    expect(round(sample(demand, 5).rps)).toEqual([0, 25, 75, 100, 100]);
  });

  it('spikes at once, which it reports as a jump, or gradually', () => {
    const spike = { kind: 'spike', baseRps: 10, peakRps: 110, atS: 20, riseS: 0, holdS: 10, decayS: 0 };
    const { rps, jumps } = sample(spike, 5);
    expect(round(rps)).toEqual([10, 10, 110, 10, 10]);
    expect(round(jumps)).toEqual([0, 0, 100, 0, 0]);
    const slow = sample({ ...spike, riseS: 10, decayS: 30 }, 5);
    expect(round(slow.rps).slice(0, 4)).toEqual([10, 10, 60, 110]);
    expect(Math.max(...slow.jumps)).toBe(0);
  });

  it('of a flash sale rushes before the opening, peaks, and falls to its tail with a second wave', () => {
    const sale = {
      kind: 'flashSale',
      baseRps: 100,
      preRushRps: 500,
      preRushS: 600,
      opensAtS: 1000,
      peakRps: 5000,
      riseS: 120,
      holdS: 60,
      decayS: 300,
      tailRps: 1000,
      secondWave: { afterS: 1800, extraRps: 2000, riseS: 60, decayS: 120 },
    };
    const { rps } = sample(sale, 400);
    expect(round(rps)[0]).toBe(100);
    expect(rps[99]).toBeGreaterThan(450);
    expect(rps[99]).toBeLessThan(500);
    expect(rps[115]).toBeCloseTo(5000, 6);
    expect(rps[275]).toBeLessThan(1200);
    expect(rps[286]).toBeGreaterThan(2500);
    expect(rps[399]).toBeLessThan(1100);
  });

  it('of a series is linear between its points', () => {
    const series = { kind: 'series', startS: 0, intervalS: 20, rps: [0, 100, 50], scale: 2 };
    expect(round(sample(series, 6).rps)).toEqual([50, 150, 175, 125, 100, 100]);
  });

  it.each([
    { kind: 'constant', rps: 7 },
    { kind: 'ramp', fromRps: 3, toRps: 9, startS: 0, endS: 50 },
    { kind: 'spike', baseRps: 1, peakRps: 9, atS: 20, riseS: 5, holdS: 10, decayS: 30 },
    {
      kind: 'flashSale',
      baseRps: 1,
      preRushRps: 3,
      preRushS: 30,
      opensAtS: 40,
      peakRps: 9,
      riseS: 0,
      holdS: 0,
      decayS: 30,
      tailRps: 2,
      secondWave: { afterS: 20, extraRps: 4, riseS: 0, decayS: 10 },
    },
    { kind: 'series', startS: 0, intervalS: 20, rps: [1, 9] },
  ])('is multiplied as a whole: $kind', (input) => {
    const demand = Demand.parse(input);
    const [once, twice] = [sampleDemand(demand, 10, 10), sampleDemand(scaleDemand(demand, 2), 10, 10)];
    for (let step = 0; step < 10; step += 1) {
      expect(twice.rps[step]).toBeCloseTo(2 * (once.rps[step] ?? 0), 9);
      expect(twice.jumps[step]).toBeCloseTo(2 * (once.jumps[step] ?? 0), 9);
    }
    expect(peakDemand(scaleDemand(demand, 2), 10, 10)).toBeCloseTo(2 * peakDemand(demand, 10, 10), 9);
  });
});

describe('an imported series', () => {
  const problem = (text: string) => {
    const parsed = parseSeries(text);
    return parsed.ok ? null : parsed.problem;
  };

  it('has instants, clock times or seconds, with or without names', () => {
    expect(
      parseSeries('time,rps\r\n2026-11-11T00:00:00+08:00,10\r\n2026-11-11T00:01:00+08:00,"20"\r\n', 0),
    ).toEqual({
      ok: true,
      firstAt: '2026-11-11T00:00:00+08:00',
      demand: { kind: 'series', startS: 0, intervalS: 60, rps: [10, 20], scale: 1 },
    });
    expect(parseSeries('\uFEFF23:30;1.5\n23:35;2e3\n')).toMatchObject({
      demand: { startS: 84_600, intervalS: 300, rps: [1.5, 2000] },
    });
    expect(parseSeries('0\t1\n\n10\t2')).toMatchObject({ demand: { startS: 0, intervalS: 10, rps: [1, 2] } });
  });

  it('passes midnight with clock times, and the end of summer time with instants', () => {
    expect(parseSeries('23:59,1\n00:00,2\n00:01,3')).toMatchObject({
      demand: { startS: 86_340, intervalS: 60, rps: [1, 2, 3] },
    });
    const hours = Array.from({ length: 49 }, (_, hour) => `${(20 + hour) % 24}:00,${hour}`).join('\n');
    expect(parseSeries(hours)).toMatchObject({ demand: { intervalS: 3600 } });
    expect(
      parseSeries('2026-10-25T02:59:00+02:00,1\n2026-10-25T02:00:00+01:00,2\n2026-10-25T02:01:00+01:00,3'),
    ).toMatchObject({ demand: { intervalS: 60, rps: [1, 2, 3] } });
  });

  it('may have seconds of a scenario of two weeks, and seconds or milliseconds since 1970', () => {
    expect(parseSeries('100000,1\n100060,2')).toMatchObject({ demand: { startS: 100_000, intervalS: 60 } });
    expect(parseSeries('1762800000,1\n1762800060,2')).toMatchObject({ demand: { startS: 0, intervalS: 60 } });
    expect(parseSeries('1762800000000,1\n1762800060000,2')).toMatchObject({
      demand: { startS: 0, intervalS: 60 },
    });
  });

  it('has only what a scenario accepts', () => {
    const parsed = parseSeries(`0,${demandRpsMax}\n60,0`);
    expect(parsed.ok && Demand.safeParse(parsed.demand).success).toBe(true);
  });

  it.each([
    ['', { kind: 'noRows', line: 0 }],
    ['time,rps\n', { kind: 'noRows', line: 0 }],
    ['0,1\n10,2,3', { kind: 'columns', line: 2, found: '10,2,3' }],
    ['0,1\nsoon,2', { kind: 'time', line: 2, column: 1, found: 'soon' }],
    ['0,1\n25:61,2', { kind: 'time', line: 2, column: 1 }],
    ['0,1\n10,many', { kind: 'number', line: 2, column: 2, found: 'many' }],
    ['0,1\n10,', { kind: 'number', line: 2, column: 2, found: '' }],
    ['0,1\n10,0x10', { kind: 'number', line: 2, column: 2 }],
    ['0,1\n10,1e999', { kind: 'number', line: 2, column: 2 }],
    ['0,1\n10,-2', { kind: 'negative', line: 2, column: 2 }],
    ['0,1\n10,10000001', { kind: 'large', line: 2, column: 2, most: 10_000_000 }],
    ['time;rps\n0;1,5', { kind: 'decimalComma', line: 2, column: 2, found: '0;1,5' }],
    ['time,rps\n2026-11-11 00:00:00,5 000', { kind: 'time', line: 2, column: 1 }],
    ['10:00,1\n09:00,2\n11:00,3', { kind: 'order', line: 2, column: 1 }],
    ['01:59,1\n01:00,2\n01:01,3', { kind: 'order', line: 2, column: 1 }],
    ['0,1\n10,2\n10,3', { kind: 'order', line: 3, column: 1 }],
    ['0,1\n10,2\n40,3', { kind: 'interval', line: 3, column: 1, found: '30', most: 10 }],
  ])('is refused with line and column: %j', (text, expected) => {
    expect(problem(text)).toMatchObject(expected);
  });

  it('has limits of size and rows', () => {
    expect(problem('1'.repeat(seriesCharactersMax + 1))).toMatchObject({ kind: 'tooLarge' });
    const rows = Array.from({ length: 12_001 }, (_, index) => `${index},1`).join('\n');
    expect(problem(rows)).toMatchObject({ kind: 'tooManyRows', line: 12_001, most: 12_000 });
  });

  it('covers at most as many days as a scenario', () => {
    const hours = (count: number) =>
      Array.from({ length: count }, (_, hour) => `${hour * 3600},1`).join('\n');
    expect(problem(hours(14 * 24 + 1))).toMatchObject({ kind: 'tooLong', most: 14 });
    expect(parseSeries(hours(14 * 24)).ok).toBe(true);
  });
});
