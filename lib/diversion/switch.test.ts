import { expect, it } from 'vitest';
import { buildRamp, rampShapeNames } from './ramp';
import { SwitchDiversion } from './switch';

it('never lowers the current share of the side', () => {
  const percents = (share: number) =>
    buildRamp('careful', { share, bakeS: 60 }).map(({ percent }) => percent);
  expect([0, 10, 20, 50, 99, 100].map(percents)).toEqual([
    [10, 50, 100],
    [50, 100],
    [50, 100],
    [100],
    [100],
    [100],
  ]);
});

it.each(rampShapeNames)('creates a valid ramp of the shape %s', (shape) => {
  for (let share = 0; share <= 100; share += 1) {
    const ramp = buildRamp(shape, { share, bakeS: 300 });
    expect(SwitchDiversion.shape.ramp.parse(ramp)).toEqual(ramp);
  }
});
