import { afterEach, describe, expect, it } from 'vitest';
import type { OnWire } from '@/lib/cloud/deps';
import { byAction, gatewayAnswer, testGateways } from '@/testing/cloud/tencent/test-gateway';
import { createCaller } from '../call/caller';
import { readFunction } from './read-function';

const { startGateway, connectionTo, close } = testGateways();
afterEach(close);

const key = { region: 'ap-singapore', namespace: 'default', name: 'sale' };
const row = {
  name: 'sale',
  status: 'Active',
  modifiedAt: '2024-12-17T09:52:48.000Z',
  reservedMb: null,
  provisionedMb: 0,
};
const log = { debug: () => {}, info: () => {}, warn: () => {} };
const callerAt = (endpoint: string) => createCaller(connectionTo(endpoint), { now: () => new Date(), log });

const answers = {
  GetFunction: {
    FunctionName: 'sale',
    Namespace: 'default',
    Type: 'Event',
    Runtime: 'Nodejs18.15',
    Handler: 'index.main_handler',
    MemorySize: 128,
    Timeout: 3,
    Status: 'Active',
    ModTime: '2024-12-17 17:52:48',
  },
  ListVersionByFunction: { TotalCount: 0, Versions: [] },
  ListTriggers: { TotalCount: 0, Triggers: [] },
  ListAliases: { TotalCount: 0, Aliases: [] },
};

it('reads the lists of a listed function without waiting for its detail', async () => {
  const lists = new Set(['ListVersionByFunction', 'ListTriggers', 'ListAliases']);
  let releaseDetail = () => {};
  const allListed = new Promise<void>((resolve) => {
    releaseDetail = resolve;
  });
  const gateway = await startGateway((response, request) => {
    lists.delete(String(request.headers['x-tc-action']));
    if (lists.size === 0) releaseDetail();
    const isDetail = request.headers['x-tc-action'] === 'GetFunction';
    void (isDetail ? allListed : Promise.resolve()).then(() => byAction(answers)(response, request));
  });
  const fn = await readFunction(callerAt(gateway.endpoint), key, row);
  expect(fn).toMatchObject({ name: 'sale', versions: ['$LATEST'], aliases: [], reservedMb: 'none' });
});

it('returns null for a listed function that was deleted since', async () => {
  const missing = { Error: { Code: 'ResourceNotFound.Function', Message: 'none' }, RequestId: 'r-1' };
  const gateway = await startGateway(gatewayAnswer(missing));
  await expect(readFunction(callerAt(gateway.endpoint), key, row)).resolves.toBeNull();
});

describe('entries of its lists that can’t be read', () => {
  const oddTriggers = { TotalCount: 1, Triggers: [{ TriggerName: 'odd', Type: 7 }] };

  /** Reads the function with lists that are answered once its detail has arrived. */
  async function readOdd(detail: object) {
    let release = () => {};
    const hasDetail = new Promise<void>((resolve) => {
      release = resolve;
    });
    let answered = 0;
    const gateway = await startGateway((response, request) => {
      const answer = byAction({ ...answers, GetFunction: detail, ListTriggers: oddTriggers });
      const isDetail = request.headers['x-tc-action'] === 'GetFunction';
      void (isDetail ? Promise.resolve() : hasDetail).then(() => {
        answered += 1;
        answer(response, request);
      });
    });
    const onWire: OnWire = ({ action }, send) =>
      send().finally(() => {
        if (action === 'GetFunction') release();
      });
    const odd: string[] = [];
    const deps = { now: () => new Date(), log, onWire };
    const fn = await readFunction(createCaller(connectionTo(gateway.endpoint), deps), key, row, {
      attempt: (_part, read) => read(),
      odd: (list) => (id) => void odd.push(`${list}/${id}`),
    });
    return { fn, odd, answered };
  }

  it('are reported', async () => {
    expect(await readOdd(answers.GetFunction)).toMatchObject({ fn: { name: 'sale' }, odd: ['triggers/odd'] });
  });

  it('are not reported of a function that was deleted since, of which no call is left under way', async () => {
    const missing = { Error: { Code: 'ResourceNotFound.Function', Message: 'none' } };
    expect(await readOdd(missing)).toEqual({ fn: null, odd: [], answered: 4 });
  });
});
