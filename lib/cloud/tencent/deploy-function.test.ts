import { afterAll, beforeEach, expect, it } from 'vitest';
import { RuleRef } from '@/lib/estate/object';
import { bindContractFunction, createContractRule } from '@/testing/cloud/cloud-contract';
import { startConnectedSandbox } from '@/testing/cloud/connected-sandbox';
import type { FunctionSpec } from '../port';

const region = 'ap-singapore';
const rule = RuleRef.parse({
  kind: 'rule',
  region,
  loadBalancerId: 'lb-q7w2m5rc',
  listenerId: 'lbl-n05q7r3t',
  domain: 'deploy.example.co.id',
  url: '/',
});
const spec: FunctionSpec = {
  region,
  namespace: 'default',
  name: 'sale-page',
  runtime: 'Python3.6',
  handler: 'index.main_handler',
  code: 'def main_handler(event, context):\n    return "one"',
  memoryMb: 128,
  timeoutS: 3,
};
const changed = { ...spec, code: spec.code.replace('one', 'two') };
const first = '11111111-1111-4111-8111-111111111111';
const second = '22222222-2222-4222-8222-222222222222';

const sandbox = await startConnectedSandbox({
  seed: 'flash-sale',
  vipNetwork: '127.87.0.0/16',
  adapter: { random: () => 0 },
});
const { cloud } = sandbox;

afterAll(() => sandbox.stop());
beforeEach(async () => {
  await sandbox.control('POST', '/reset');
});

const deploy = (wanted: FunctionSpec, id: string) => cloud.deployFunction(wanted, id, () => {});
const fault = (action: string, kind: string, count = 1) =>
  sandbox.control('POST', '/faults', { action, kind, count });
const bind = async (qualifier: string, type?: 'ALIAS') => {
  await cloud.wait(await cloud.write(createContractRule(rule)));
  await cloud.wait(await cloud.write(bindContractFunction(rule, spec, qualifier, type)));
};

it('refuses to replace code that serves live traffic, and sends nothing', async () => {
  await deploy(spec, first);
  await bind('$LATEST');
  const before = await sandbox.control('GET', '/effects');
  await expect(deploy(changed, second)).rejects.toMatchObject({
    data: {
      code: 'Refused.FunctionInUse',
      message: expect.stringContaining('default/sale-page serves traffic'),
      mayHaveHappened: false,
      advice: 'giveUp',
    },
  });
  expect(await sandbox.control('GET', '/effects')).toEqual(before);
  expect((await cloud.getFunction(spec))?.versions).toEqual(['$LATEST', '1']);
});

it('replaces code behind a binding to a published version', async () => {
  const { version } = await deploy(spec, first);
  await bind(version);
  expect(await deploy(changed, second)).toEqual({ version: '2' });
});

const findAlias = async (name: string) =>
  (await cloud.getFunction(spec))?.aliases?.find((alias) => alias.name === name);

it('points an alias at the version: creates the alias, and moves it with the next version', async () => {
  const stages: string[] = [];
  const named = { ...spec, alias: 'live' };
  await cloud.deployFunction(named, first, (stage) => stages.push(stage));
  expect(stages).toEqual(['creating', 'waiting', 'publishing', 'aliasing']);
  expect(await findAlias('live')).toEqual({ name: 'live', version: '1', additional: null });
  expect(await deploy({ ...changed, alias: 'live' }, second)).toEqual({ version: '2' });
  expect(await findAlias('live')).toEqual({ name: 'live', version: '2', additional: null });
});

it('does not move an alias that serves traffic, and publishes nothing for it', async () => {
  await deploy({ ...spec, alias: 'live' }, first);
  await bind('live', 'ALIAS');
  const before = await sandbox.control('GET', '/effects');
  await expect(deploy({ ...changed, alias: 'live' }, second)).rejects.toMatchObject({
    data: { code: 'Refused.AliasInUse', mayHaveHappened: false, advice: 'giveUp' },
  });
  expect(await sandbox.control('GET', '/effects')).toEqual(before);
  expect((await cloud.getFunction(spec))?.versions).toEqual(['$LATEST', '1']);
});

it.each(['CreateAlias', 'UpdateAlias'])('finds the effect of a lost %s', async (action) => {
  if (action === 'UpdateAlias') await deploy({ ...spec, alias: 'live' }, first);
  await fault(action, 'replyLost');
  const { version } = await deploy({ ...changed, alias: 'live' }, second);
  expect(await findAlias('live')).toMatchObject({ version });
});

it.each(['CreateFunction', 'UpdateFunctionCode', 'PublishVersion'])(
  'sends %s again when it is throttled, and gives up after five tries',
  async (action) => {
    if (action === 'UpdateFunctionCode') await deploy(spec, first);
    await fault(action, 'throttle', 4);
    expect((await deploy(changed, second)).version).toMatch(/^[12]$/);

    await sandbox.control('POST', '/reset');
    if (action === 'UpdateFunctionCode') await deploy(spec, first);
    await fault(action, 'throttle', 5);
    await expect(deploy(changed, second)).rejects.toMatchObject({
      data: { code: 'RequestLimitExceeded', action, advice: 'retry', mayHaveHappened: false },
    });
  },
);

it.each(['CreateFunction', 'PublishVersion'])(
  'finds the effect of a lost %s instead of repeating it',
  async (action) => {
    await fault(action, 'replyLost');
    expect(await deploy(spec, first)).toEqual({ version: '1' });
    expect((await cloud.getFunction(spec))?.versions).toEqual(['$LATEST', '1']);
  },
);

it('uploads code again if it is unknown whether it was uploaded', async () => {
  await deploy(spec, first);
  await fault('UpdateFunctionCode', 'replyLost');
  expect(await deploy(changed, second)).toEqual({ version: '2' });
});

it('continues a deployment that was interrupted after its creation', async () => {
  await fault('PublishVersion', 'throttle', 5);
  await expect(deploy(spec, first)).rejects.toMatchObject({ data: { action: 'PublishVersion' } });
  const stages: string[] = [];
  expect(await cloud.deployFunction(spec, first, (stage) => stages.push(stage))).toEqual({ version: '1' });
  expect(stages).toEqual(['waiting', 'publishing']);
});
