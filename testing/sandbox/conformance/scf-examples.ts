import { type Example, type ExampleCloud, reading, readText, writing } from './example';

/**
 * Examples: github.com/TencentCloud/tencentcloud-cli, tccli/examples/scf/v20180416. Those that name code in a COS
 * bucket send the same code as a zip here: the sandbox has no object storage.
 */

/** A zip without files, in base64: the smallest there is. */
const emptyZip = Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)]).toString('base64');

const named = ({ names }: ExampleCloud) => ({ FunctionName: names.function });

async function publish(cloud: ExampleCloud): Promise<string> {
  return readText(await cloud.write('scf', 'PublishVersion', named(cloud)), 'FunctionVersion');
}

const alias = (name: string, extra: string) => ({
  Name: name,
  Namespace: 'default',
  RoutingConfig: { AdditionalVersionWeights: [{ Version: extra, Weight: 0.5 }] },
});

const timer = { Type: 'timer', TriggerName: 'every-minute' };

async function newTimer(cloud: ExampleCloud, more: object = {}): Promise<object> {
  const cron = { TriggerDesc: '0 */1 * * * * *', Enable: 'OPEN' };
  await cloud.write('scf', 'CreateTrigger', { ...named(cloud), ...timer, ...more, ...cron });
  return { ...named(cloud), ...timer, ...more };
}

const live = { Name: 'live', Namespace: 'default' };

async function newAlias(cloud: ExampleCloud): Promise<object> {
  const version = await publish(cloud);
  await cloud.write('scf', 'CreateAlias', {
    ...named(cloud),
    ...alias('live', version),
    FunctionVersion: '$LATEST',
  });
  return { ...named(cloud), ...live };
}

/** Creates a version with one provisioned instance, and a second one at a time of day. */
async function provisioned(cloud: ExampleCloud): Promise<object> {
  const place = { ...named(cloud), Namespace: 'default', Qualifier: await publish(cloud) };
  const nightly = {
    TriggerName: 'timer-1',
    ProvisionedType: 'Default',
    TriggerProvisionedConcurrencyNum: 1,
    TriggerCronConfig: '30 42 15 * * * *',
  };
  await cloud.write('scf', 'PutProvisionedConcurrencyConfig', {
    ...place,
    VersionProvisionedConcurrencyNum: 1,
    TriggerActions: [nightly],
  });
  return place;
}

const functionExample = (...[what, request]: [what: string, request?: object]) =>
  reading('scf', 'ListFunctions', what, () => request ?? {});
const ofFunction = (action: string, what: string, more: object = {}) =>
  reading('scf', action, what, ({ function: name }) => ({ FunctionName: name, ...more }), ['function']);

export const scfExamples: readonly Example[] = [
  functionExample('two, oldest first', { Limit: 2, Order: 'ASC' }),
  functionExample('by the values of two tags', {
    Filters: [
      { Name: 'tag-status', Values: ['dev'] },
      { Name: 'tag-owner', Values: ['me'] },
    ],
  }),
  functionExample('all'),
  reading('scf', 'GetAccount', 'of the region'),
  reading('scf', 'ListNamespaces', 'by a word', () => ({ SearchKey: [{ Key: 'Namespace', Value: 'def' }] })),
  ofFunction('ListVersionByFunction', 'all'),
  ofFunction('ListTriggers', 'two', { Limit: 2, Order: 'ASC' }),
  ofFunction('GetReservedConcurrencyConfig', 'of a function without'),
  ofFunction('GetProvisionedConcurrencyConfig', 'of a function without'),
  writing('scf', 'UpdateFunctionConfiguration', 'timeout, memory and network', async (cloud, send) => {
    const { SubnetSet: set } = await cloud.call('vpc', 'DescribeSubnets');
    const [subnet] = set as { SubnetId: string; VpcId: string }[];
    const network = { VpcId: subnet?.VpcId, SubnetId: subnet?.SubnetId };
    const place = { ...named(cloud), Namespace: 'default' };
    return send({ ...place, Timeout: 100, MemorySize: 512, VpcConfig: network });
  }),
  writing('scf', 'GetAlias', 'that splits', async (cloud, send) => send(await newAlias(cloud))),
  writing('scf', 'ListAliases', 'one that splits', async (cloud, send) => {
    await newAlias(cloud);
    return send(named(cloud));
  }),
  writing('scf', 'DeleteAlias', 'by name', async (cloud, send) => send(await newAlias(cloud))),
  writing('scf', 'CreateTrigger', 'every two minutes', (cloud, send) =>
    send({ ...named(cloud), ...timer, TriggerDesc: '0 */2 * * * * *' }),
  ),
  writing('scf', 'UpdateTrigger', 'of a timer', async (cloud, send) =>
    send({
      ...(await newTimer(cloud, { Qualifier: '$DEFAULT' })),
      Enable: 'CLOSE',
      Namespace: 'default',
      TriggerDesc: '0 0 0 */2 * * *',
      Description: 'some description',
      CustomArgument: '中文测试',
    }),
  ),
  writing('scf', 'ListTriggers', 'a timer', async (cloud, send) => {
    await newTimer(cloud);
    return send({ ...named(cloud), Limit: 2, Order: 'ASC' });
  }),
  writing('scf', 'Invoke', 'with no input', (cloud, send) => send(named(cloud))),
  writing('scf', 'InvokeFunction', 'with no input', (cloud, send) => send(named(cloud))),
  writing('scf', 'GetFunctionLogs', 'of a call', async (cloud, send) => {
    await cloud.call('scf', 'Invoke', named(cloud));
    return send(named(cloud));
  }),
  writing('scf', 'GetRequestStatus', 'of a call', async (cloud, send) => {
    const { Result: result } = await cloud.call('scf', 'Invoke', named(cloud));
    const { FunctionRequestId: id } = result as { FunctionRequestId: string };
    return send({ ...named(cloud), FunctionRequestId: id });
  }),
  writing('scf', 'GetReservedConcurrencyConfig', 'of a function', async (cloud, send) => {
    const share = { ReservedConcurrencyMem: 12_800 };
    await cloud.write('scf', 'PutReservedConcurrencyConfig', { ...named(cloud), ...share });
    return send(named(cloud));
  }),
  writing('scf', 'DeleteReservedConcurrencyConfig', 'of a function', async (cloud, send) => {
    const share = { ReservedConcurrencyMem: 12_800 };
    await cloud.write('scf', 'PutReservedConcurrencyConfig', { ...named(cloud), ...share });
    return send({ ...named(cloud), Namespace: 'default' });
  }),
  writing('scf', 'GetProvisionedConcurrencyConfig', 'of a version', async (cloud, send) =>
    send(await provisioned(cloud)),
  ),
  reading('scf', 'GetFunction', 'by name', ({ function: name }) => ({ FunctionName: name }), ['function']),
  reading(
    'scf',
    'ListAliases',
    'all of a function',
    ({ function: name }) => ({ FunctionName: name, Namespace: 'default' }),
    ['function'],
  ),
  reading('scf', 'GetFunctionLogs', 'by name', ({ function: name }) => ({ FunctionName: name }), [
    'function',
  ]),
  writing('scf', 'CreateFunction', 'with its code', (_cloud, send) =>
    send({ FunctionName: 'example', Handler: 'index.main_handler', Code: { ZipFile: emptyZip } }),
  ),
  writing('scf', 'UpdateFunctionCode', 'new code and handler', (cloud, send) =>
    send({ ...named(cloud), Handler: 'index.main', ZipFile: emptyZip }),
  ),
  writing('scf', 'DeleteFunction', 'by name', (cloud, send) => send(named(cloud))),
  writing('scf', 'PublishVersion', 'with a description', (cloud, send) =>
    send({ ...named(cloud), Description: 'as of today' }),
  ),
  writing('scf', 'CreateAlias', 'half to another version', async (cloud, send) =>
    send({ ...named(cloud), ...alias('TestAlias', await publish(cloud)), FunctionVersion: '$LATEST' }),
  ),
  writing('scf', 'UpdateAlias', 'half to another version', async (cloud, send) => {
    const first = await publish(cloud);
    const second = await publish(cloud);
    const plain = { Name: 'abcAlias', Namespace: 'default', FunctionVersion: first };
    await cloud.write('scf', 'CreateAlias', { ...named(cloud), ...plain });
    return send({ ...named(cloud), ...alias('abcAlias', second), FunctionVersion: first });
  }),
  writing('scf', 'DeleteTrigger', 'of a timer', async (cloud, send) => send(await newTimer(cloud))),
  writing('scf', 'PutReservedConcurrencyConfig', 'a share of the quota', (cloud, send) =>
    send({ ...named(cloud), ReservedConcurrencyMem: 12_800 }),
  ),
  writing('scf', 'PutProvisionedConcurrencyConfig', 'ten instances of a version', async (cloud, send) =>
    send({ ...named(cloud), Qualifier: await publish(cloud), VersionProvisionedConcurrencyNum: 10 }),
  ),
  writing('scf', 'DeleteProvisionedConcurrencyConfig', 'of a version', async (cloud, send) => {
    const place = { ...named(cloud), Namespace: 'default', Qualifier: await publish(cloud) };
    await cloud.write('scf', 'PutProvisionedConcurrencyConfig', {
      ...place,
      VersionProvisionedConcurrencyNum: 1,
    });
    return send(place);
  }),
];
