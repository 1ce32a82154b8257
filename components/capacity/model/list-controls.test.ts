import { describe, expect, it } from 'vitest';
import { CapacityScenario } from '@/lib/capacity/scenario/scenario';
import { saleScenario } from '@/testing/capacity/sale-scenario';
import { changeShape, demandShapes } from './change-shape';
import { defaultScenario } from './default-scenario';
import { eventTime } from './event-time';
import { listControls } from './list-controls';

const scenarios = [
  ...demandShapes.map((shape) => [shape, changeShape(defaultScenario, shape)] as const),
  ['series', saleScenario({ demand: { kind: 'series', startS: 0, intervalS: 60, rps: [1, 5, 3] } })] as const,
  ['other objects', saleScenario()] as const,
];

describe.each(scenarios)('%s', (_, scenario) => {
  it.each(listControls(scenario))('accepts both ends of $id, and shows what was set', (control) => {
    for (const value of [control.min, control.max]) {
      const next = CapacityScenario.parse(control.set(value));
      const now = listControls(next).find(({ id }) => id === control.id);
      // The end of a shape changes at 0: a series of nothing has no peak.
      if (control.id !== 'peak' || scenario.demand.kind !== 'series')
        expect(now?.value).toBeCloseTo(value, 3);
    }
  });
});

it('keeps the leads of prewarm and diversion when the event moves', () => {
  const find = (scenario: CapacityScenario, id: string) =>
    listControls(scenario).find((control) => control.id === id);
  const moved = find(defaultScenario, 'opensAt')?.set(50) ?? defaultScenario;
  expect(eventTime(moved)).toBe(3000);
  expect(find(moved, 'divertLead')?.value).toBe(find(defaultScenario, 'divertLead')?.value);
  expect(find(moved, 'prewarmLead')?.value).toBe(find(defaultScenario, 'prewarmLead')?.value);
});

it('keeps peak, base and leads when the shape changes', () => {
  const ramp = changeShape(defaultScenario, 'ramp');
  const values = Object.fromEntries(listControls(ramp).map(({ id, value }) => [id, value]));
  expect(values).toMatchObject({ peak: 2000, base: 150, rise: 4, divertLead: 5, prewarmLead: 15 });
});
