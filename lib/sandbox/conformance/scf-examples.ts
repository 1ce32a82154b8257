import { type Cloud, type Example, reading, textOf, writing } from './example';

/**
 * Examples: github.com/TencentCloud/tencentcloud-cli, tccli/examples/scf/v20180416. Those that name code in a COS
 * bucket send the same code as a zip here: the sandbox has no object storage.
 */

/** A zip without files, in base64: the smallest there is. */
const emptyZip = Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)]).toString('base64');

const named = ({ names }: Cloud) => ({ FunctionName: names.function });

async function publish(cloud: Cloud): Promise<string> {
  return textOf(await cloud.write('scf', 'PublishVersion', named(cloud)), 'FunctionVersion');
}

const alias = (name: string, extra: string) => ({
  Name: name,
  Namespace: 'default',
  RoutingConfig: { AdditionalVersionWeights: [{ Version: extra, Weight: 0.5 }] },
});

const timer = { Type: 'timer', TriggerName: 'every-minute' };

async function newTimer(cloud: Cloud): Promise<object> {
  const cron = { TriggerDesc: '0 */1 * * * * *', Enable: 'OPEN' };
  await cloud.write('scf', 'CreateTrigger', { ...named(cloud), ...timer, ...cron });
  return { ...named(cloud), ...timer };
}

export const scfExamples: readonly Example[] = [
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
  writing('scf', 'UpdateTriggerStatus', 'close a timer', async (cloud, send) =>
    send({ ...(await newTimer(cloud)), Enable: 'CLOSE' }),
  ),
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
