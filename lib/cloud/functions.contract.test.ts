import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FunctionChange } from '@/lib/estate/functions/function-change';
import type { ReadingPart } from '@/lib/estate/functions/function-reading';
import { type ConnectedSandbox, startConnectedSandbox } from '@/testing/cloud/connected-sandbox';
import { CloudError } from './errors';
import type { createTencentCloud } from './tencent/cloud';

/* The pages about functions against the sandbox, over HTTP with the real SDK. */

const region = 'ap-singapore';
const id = { region, namespace: 'default', name: 'shown' };
const code = (answer: string) =>
  `def main_handler(event, context):\n    print("asked")\n    return {"statusCode": 200, "body": "${answer}"}\n`;

let sandbox: ConnectedSandbox;
let cloud: ReturnType<typeof createTencentCloud>;

const deploy = (body: string, name = id.name) =>
  cloud.deployFunction(
    {
      ...id,
      name,
      runtime: 'Python3.10',
      handler: 'index.main_handler',
      code: code(body),
      memoryMb: 128,
      timeoutS: 3,
    },
    randomUUID(),
    () => {},
  );
const change = (wanted: FunctionChange, changeId: string = randomUUID(), of = id) =>
  cloud.changeFunction(of, wanted, changeId, async () => {});
const read = (part: ReadingPart, of = id) => cloud.readFunctionPart(of, part);
const refused = (codeText: string) => (error: unknown) => {
  expect(error).toBeInstanceOf(CloudError);
  expect(error).toMatchObject({ data: { code: codeText } });
};

beforeAll(async () => {
  sandbox = await startConnectedSandbox({ vipNetwork: '127.194.0.0/16', controlPort: null });
  ({ cloud } = sandbox);
  await deploy('one');
  await deploy('two');
});
afterAll(() => sandbox.stop());

describe('the parts of a function', () => {
  it('are the code of each version', async () => {
    expect(await read({ part: 'code', version: '1' })).toMatchObject({
      version: '1',
      handler: 'index.main_handler',
      text: code('one'),
    });
    expect(await read({ part: 'code', version: '$LATEST' })).toMatchObject({ text: code('two') });
    expect(await read({ part: 'code', version: '9' })).toBeNull();
  });

  it('are its versions with their descriptions and times', async () => {
    const versions = await read({ part: 'versions' });
    expect(versions).toEqual([
      expect.objectContaining({ version: '$LATEST' }),
      expect.objectContaining({ version: '2', status: 'Active', createdAt: expect.stringMatching(/Z$/) }),
      expect.objectContaining({ version: '1' }),
    ]);
  });

  it('are its calls and their logs', async () => {
    await cloud.invoke({ ...id, qualifier: '2' }, { headers: {} });
    expect(await read({ part: 'logs', outcome: 'any' })).toEqual([
      expect.objectContaining({ code: 0, log: expect.stringContaining('asked') }),
    ]);
    expect(await read({ part: 'logs', outcome: 'failed' })).toEqual([]);
    const calls = await read({ part: 'calls', hours: 1 });
    expect(calls).toMatchObject({ periodS: 60 });
    expect(calls).toMatchObject({
      points: expect.arrayContaining([expect.objectContaining({ calls: 1, errors: 0, throttles: 0 })]),
    });
  });

  it('are the calls of many functions in the last hour, and of an unknown one', async () => {
    const others = Array.from({ length: 12 }, (_, index) => ({ ...id, name: `other-${index}` }));
    const counts = await read({ part: 'recent', functions: [...others, id] });
    expect(counts).toHaveLength(13);
    expect(counts).toEqual([
      ...others.map((other) => ({ ...other, calls: null, errors: null })),
      { ...id, calls: 1, errors: 0 },
    ]);
  });

  it('are empty for a function that doesn’t exist', async () => {
    const none = { ...id, name: 'none' };
    expect(await read({ part: 'versions' }, none)).toBeNull();
    expect(await read({ part: 'logs', outcome: 'any' }, none)).toBeNull();
  });
});

describe('a change of a function', () => {
  const names = async () => (await cloud.getFunction(id))?.aliases?.map(({ name }) => name);
  const live = async () => (await cloud.getFunction(id))?.aliases?.find(({ name }) => name === 'live');

  it('publishes one version, even if it is repeated', async () => {
    const changeId = randomUUID();
    const publish = { kind: 'publish', description: 'Autumn sale, final.' } as const;
    const { version } = await change(publish, changeId);
    expect(version).toBe('3');
    expect(await change(publish, changeId)).toEqual({ version: '3' });
    const versions = await read({ part: 'versions' });
    expect(versions).toContainEqual(
      expect.objectContaining({ version: '3', description: expect.stringMatching(/^Autumn sale, final\. /) }),
    );
  });

  it('creates an alias, splits its calls, and deletes it', async () => {
    const one = { version: '1', additional: null };
    const shared = { version: '1', additional: { version: '2', percent: 7 } };
    await change({ kind: 'setAlias', alias: 'live', before: null, after: one });
    expect(await live()).toMatchObject({ version: '1', additional: null });
    await change({ kind: 'setAlias', alias: 'live', before: one, after: shared });
    expect(await live()).toMatchObject({ version: '1', additional: { version: '2', weight: 0.07 } });
    await change({ kind: 'setAlias', alias: 'live', before: one, after: shared });
    await change({ kind: 'deleteAlias', alias: 'live', before: shared });
    expect(await names()).not.toContain('live');
  });

  it('is refused if another actor has changed the function', async () => {
    const seen = { version: '1', additional: null };
    await change({
      kind: 'setAlias',
      alias: 'seen',
      before: null,
      after: { version: '2', additional: null },
    });
    const after = { version: '3', additional: null };
    await change({ kind: 'setAlias', alias: 'seen', before: seen, after }).then(
      () => expect.unreachable(),
      refused('Refused.ObjectChanged'),
    );
    await change({ kind: 'setProvisioned', version: '2', before: 5, after: 6 }).then(
      () => expect.unreachable(),
      refused('Refused.ObjectChanged'),
    );
    await change({ kind: 'deleteAlias', alias: 'seen', before: { version: '2', additional: null } });
  });

  it('sets and removes provisioned concurrency', async () => {
    const warm = async () => (await cloud.getFunction(id))?.provisioned;
    await change({ kind: 'setProvisioned', version: '2', before: 0, after: 2 });
    expect(await warm()).toEqual([
      expect.objectContaining({ qualifier: '2', allocated: 2, available: 2, status: 'Done' }),
    ]);
    await change({ kind: 'setProvisioned', version: '2', before: 2, after: 0 });
    expect(await warm()).toEqual([]);
  });

  it('sends nothing if it is stopped before the call', async () => {
    const stop = () => Promise.reject(new Error('paused'));
    await expect(
      cloud.changeFunction(id, { kind: 'publish', description: '' }, randomUUID(), stop),
    ).rejects.toThrow('paused');
    expect((await cloud.getFunction(id))?.versions).toEqual(['$LATEST', '3', '2', '1']);
  });

  it('deletes a version, and refuses to delete one that an alias points at', async () => {
    await change({ kind: 'deleteVersion', version: '3' });
    expect((await cloud.getFunction(id))?.versions).toEqual(['$LATEST', '2', '1']);
    await change({ kind: 'setAlias', alias: 'old', before: null, after: { version: '1', additional: null } });
    await change({ kind: 'deleteVersion', version: '1' }).then(
      () => expect.unreachable(),
      refused('UnsupportedOperation.AliasBind'),
    );
  });

  it('deletes a function that nothing calls', async () => {
    const spare = { ...id, name: 'spare' };
    await deploy('spare', 'spare');
    await change({ kind: 'delete' }, randomUUID(), spare);
    expect(await cloud.getFunction(spare)).toBeNull();
    await change({ kind: 'delete' }, randomUUID(), spare);
  });
});
