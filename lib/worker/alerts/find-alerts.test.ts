import { beforeEach, expect, it } from 'vitest';
import { findDriftAlerts } from '@/lib/worker/alerts/find-alerts';
import { accept, applied, onlyOne, openDriftContext, other, read } from '@/testing/server/test-drift';

const context = openDriftContext();

beforeEach(() => context.clear());

const find = () => findDriftAlerts(context.db, new Date());

it('tells of the objects that differ from what a run left, once for each found state', async () => {
  const { runId } = await applied();
  await read(-30);
  expect(await find()).toEqual([]);
  await read(-25, { ttlS: 300 });
  const [alert] = await find();
  expect(alert).toMatchObject({
    event: 'drift',
    incident: `drift ${runId}`,
    text: `1 object differs from the baseline that ${runId} set: flash.example.co.id`,
    path: '/drift?connection=test',
    scope: { connectionIds: ['test'], domains: ['shop.example.co.id', 'flash.example.co.id'] },
  });
  // The next sync finds the same.
  await read(-20, { ttlS: 300 });
  expect((await find()).map(({ state }) => state)).toEqual([alert?.state]);
  await read(-15, { ttlS: 600 });
  const changed = await find();
  expect(changed.map(({ incident }) => incident)).toEqual([alert?.incident]);
  expect(changed[0]?.state).not.toBe(alert?.state);
  await read(-10, { ttlS: 600, functions: [other] });
  expect((await find())[0]?.text).toContain('2 objects differ');
});

it('tells nothing of accepted drift', async () => {
  await applied();
  await read(-30, { ttlS: 300 });
  expect(await accept(await onlyOne())).toMatchObject({ ok: true });
  expect(await find()).toEqual([]);
});
