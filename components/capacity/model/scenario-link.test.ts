import { expect, it } from 'vitest';
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
