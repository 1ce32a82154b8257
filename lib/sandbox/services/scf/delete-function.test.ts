import { afterAll, beforeEach, expect, test } from 'vitest';
import { Assumptions } from '@/lib/sandbox/world/assumptions';
import { type ScfCloud, startScf } from '@/testing/sandbox/services/scf/test-scf';

const it = await startScf();
beforeEach(() => it.cloud.reset());
afterAll(() => it.cloud.plane.stop());

const place = { LoadBalancerId: 'lb-scf00001', ListenerId: 'lbl-scf00001', LocationId: 'loc-idle0001' };

async function bind({ cloud }: ScfCloud, name: string, qualifier: string): Promise<void> {
  const { clb } = cloud.clients();
  const fn = { FunctionNamespace: 'default', FunctionName: name, FunctionQualifier: qualifier };
  await clb.RegisterFunctionTargets({ ...place, FunctionTargets: [{ Function: fn }] });
  cloud.clock.advance(1000);
}

test('deletes a function with its versions, and frees its name', async () => {
  const { scf, make, refusal } = it;
  await make('old', 2);
  await scf.DeleteFunction({ FunctionName: 'old' });
  expect(await refusal(() => scf.GetFunction({ FunctionName: 'old' }))).toBe('ResourceNotFound.Function');
  expect(await refusal(() => scf.DeleteFunction({ FunctionName: 'old' }))).toBe('ResourceNotFound.Function');
  await make('old');
  expect((await scf.ListVersionByFunction({ FunctionName: 'old' })).TotalCount).toBe(1);
});

test('deletes one version, and never reuses its number', async () => {
  const { scf, cloud, make, refusal } = it;
  await make('old', 3);
  await scf.DeleteFunction({ FunctionName: 'old', Qualifier: '3' });
  await scf.DeleteFunction({ FunctionName: 'old', Qualifier: '1' });
  expect((await scf.PublishVersion({ FunctionName: 'old' })).FunctionVersion).toBe('4');
  cloud.clock.advance(1000);
  const { FunctionVersion: left } = await scf.ListVersionByFunction({ FunctionName: 'old', Order: 'ASC' });
  expect(left).toEqual(['2', '4', '$LATEST']);
  const remove = (qualifier: string) => () =>
    scf.DeleteFunction({ FunctionName: 'old', Qualifier: qualifier });
  expect(await refusal(remove('1'))).toBe('ResourceNotFound.Qualifier');
  expect(await refusal(remove('$LATEST'))).toBe('InvalidParameterValue.Qualifier');
  await scf.CreateAlias({ FunctionName: 'old', Name: 'live', FunctionVersion: '2' });
  expect(await refusal(remove('2'))).toBe('UnsupportedOperation.AliasBind');
});

test('deletes what a load balancer forwards to, unless the assumption says otherwise', async () => {
  const assumptions = new Assumptions();
  assumptions.set('function.deleteBound', 'refuse');
  const careful = await startScf({ assumptions });
  const { scf, make, refusal } = careful;
  await make('live', 1);
  await scf.CreateAlias({ FunctionName: 'live', Name: 'prod', FunctionVersion: '1' });
  await bind(careful, 'live', '1');
  expect(await refusal(() => scf.DeleteFunction({ FunctionName: 'live' }))).toBe(
    'FailedOperation.DeleteFunction',
  );
  await scf.DeleteAlias({ FunctionName: 'live', Name: 'prod' });
  expect(await refusal(() => scf.DeleteFunction({ FunctionName: 'live', Qualifier: '1' }))).toBe(
    'FailedOperation.DeleteFunction',
  );

  await careful.cloud.plane.stop();

  await it.make('live', 1);
  await bind(it, 'live', '1');
  await it.scf.DeleteFunction({ FunctionName: 'live' });
  const { clb } = it.cloud.clients();
  const { Listeners: listeners } = await clb.DescribeTargets({ LoadBalancerId: place.LoadBalancerId });
  expect(listeners?.[0]?.Rules?.[0]?.FunctionTargets).toHaveLength(1);
});
