import { expect, it } from 'vitest';
import { simulateCapacity } from '@/lib/capacity/simulate-capacity';
import { defaultScenario } from './default-scenario';
import { seriesCsv } from './series-csv';

it('has a line for each step, with units in the names of columns', () => {
  const result = simulateCapacity(defaultScenario);
  const lines = seriesCsv(result, null).trimEnd().split('\r\n');
  expect(lines).toHaveLength(result.steps + 1);
  expect(lines[0]).toMatch(/^seconds,demand_rps,arrivals_rps,.*refused_functionConcurrency_rps/);
  expect(lines[1]?.split(',')).toHaveLength(lines[0]?.split(',').length ?? 0);
  expect(lines[2]?.startsWith('10,')).toBe(true);
});

it('has the time of each step if the scenario has one', () => {
  const [header, first] = seriesCsv(simulateCapacity(defaultScenario), '2026-12-11T16:30:00Z').split('\r\n');
  expect(header?.startsWith('seconds,time,')).toBe(true);
  expect(first?.startsWith('0,2026-12-11T16:30:00.000Z,')).toBe(true);
});
