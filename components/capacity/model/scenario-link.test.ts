import { describe, expect, it } from 'vitest';
import { roundPoint } from '@/lib/capacity/demand/demand';
import { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { saleScenario } from '@/testing/capacity/sale-scenario';
import { changeShape } from './change-shape';
import { defaultScenario } from './default-scenario';
import { linkTextMax, readScenario, writeScenario } from './scenario-link';

const encode = (value: unknown) =>
  btoa(JSON.stringify(value)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

it('has no text for the default scenario', () => {
  expect(writeScenario(defaultScenario)).toBe('');
});

it.each([
  ['another peak', { ...defaultScenario, demand: { ...defaultScenario.demand, peakRps: 2100 } }],
  ['another shape', changeShape(defaultScenario, 'ramp')],
  ['no diversion', { ...defaultScenario, traffic: { ...defaultScenario.traffic, changes: [] } }],
  ['a price and a name', { ...defaultScenario, name: '12.12 促销', prices: { currency: 'IDR', call: 0.1 } }],
  ['other objects', saleScenario()],
  [
    'a second wave',
    saleScenario({
      demand: {
        kind: 'flashSale',
        baseRps: 1,
        preRushRps: 2,
        preRushS: 3,
        opensAtS: 4,
        peakRps: 5,
        riseS: 6,
        holdS: 7,
        decayS: 8,
        tailRps: 9,
        secondWave: { afterS: 1, extraRps: 2, riseS: 3, decayS: 4 },
      },
    }),
  ],
])('reads what it writes: %s', (_, scenario) => {
  const parsed = CapacityScenario.parse(scenario);
  const text = writeScenario(parsed);
  expect(text).toMatch(/^[\w-]+$/);
  expect(readScenario(text)).toEqual({ ok: true, scenario: parsed });
});

/** A day by the minute, as Monitor measures it: around zero at night, and noisy. */
const dayOfMinutes = (startS = 0) =>
  CapacityScenario.parse({
    ...defaultScenario,
    durationS: 86_400,
    startsAt: '2026-11-11T00:00:00.000Z',
    demand: {
      kind: 'series',
      startS,
      intervalS: 60,
      rps: Array.from({ length: 1440 }, (_, minute) => {
        const noise = 1 + 0.2 * Math.sin(minute * 12.9898);
        const level = 2500 * (1 - Math.cos((minute / 1440) * 2 * Math.PI)) ** 3;
        return roundPoint(level * noise);
      }),
    },
  });

describe('a day by the minute', () => {
  it('fits a link, with another scenario that is kept beside it', () => {
    const day = dayOfMinutes();
    const kept = { ...day, cvm: { ...day.cvm, servers: 5 } };
    const texts = [writeScenario(day), writeScenario(kept, day)] as const;
    expect(texts[0].length + texts[1].length).toBeLessThan(linkTextMax);
    // The series of the kept one is not repeated.
    expect(texts[1].length).toBeLessThan(100);
    expect(readScenario(texts[0])).toEqual({ ok: true, scenario: day });
    expect(readScenario(texts[1], day)).toEqual({ ok: true, scenario: kept });
  });

  it('is kept beside another demand, and has another one kept beside it', () => {
    const day = dayOfMinutes(30);
    for (const [one, other] of [
      [day, defaultScenario],
      [defaultScenario, day],
      [day, { ...dayOfMinutes(), durationS: 90_000 }],
    ] as const)
      expect(readScenario(writeScenario(one, other), other)).toEqual({ ok: true, scenario: one });
  });

  it('is not shown in part if its link was cut', () => {
    const text = writeScenario(dayOfMinutes());
    for (const cut of [1, 2, 3, 4, 5, 6, 3000])
      expect(readScenario(text.slice(0, -cut))).toEqual({ ok: false, problem: { why: 'damaged' } });
  });

  it('is written as numbers if they have more digits than fit', () => {
    const { demand, ...rest } = dayOfMinutes();
    if (demand.kind !== 'series') return expect.fail();
    const exact = { ...rest, demand: { ...demand, rps: [1.23456, 7] } };
    return expect(readScenario(writeScenario(exact))).toEqual({ ok: true, scenario: exact });
  });
});

it('is short for what sliders change', () => {
  const changed = CapacityScenario.parse({
    ...defaultScenario,
    demand: { ...defaultScenario.demand, peakRps: 9000 },
    functions: defaultScenario.functions.map((fn) => ({ ...fn, memoryMb: 512 })),
  });
  expect(writeScenario(changed).length).toBeLessThan(100);
});

it('says which field of a link is invalid, and which rule it violates', () => {
  const read = readScenario(encode({ functions: { 0: { memoryMb: 1 } } }));
  expect(read).toEqual({
    ok: false,
    problem: { why: 'invalid', at: 'functions.0.memoryMb', rule: expect.stringContaining('64') },
  });
  expect(readScenario(encode({ extra: 1 }))).toMatchObject({ ok: false, problem: { why: 'invalid' } });
  expect(readScenario(encode({ __proto__x: { a: 1 } }))).toMatchObject({ ok: false });
});

it.each(['%%%', 'abc', encode([1]), encode('x'), encode(null)])('rejects a damaged link: %s', (text) => {
  expect(readScenario(text)).toEqual({ ok: false, problem: { why: 'damaged' } });
});

it('rejects a link that is too long before it reads it', () => {
  expect(readScenario('A'.repeat(linkTextMax + 1))).toEqual({ ok: false, problem: { why: 'tooLong' } });
});

it('keeps the default scenario, which has no text', () => {
  expect(writeScenario(defaultScenario)).toBe('');
  expect(readScenario('')).toEqual({ ok: true, scenario: defaultScenario });
});
