import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { deployments, emergencyStops, functionChanges, functionReadings, safetyRules } from '@/lib/db/schema';
import type { FunctionChange } from '@/lib/estate/functions/function-change';
import { functionPartKey } from '@/lib/estate/functions/function-reading';
import { SafetyRule } from '@/lib/safety/safety-rule';
import { newestSnapshot } from '@/lib/store/estate/newest-estate';
import { storeConnections } from '@/lib/worker/connections/store-connections';
import { syncEstate } from '@/lib/worker/sync/sync-estate';
import { type ConnectedSandbox, startConnectedSandbox } from '@/testing/cloud/connected-sandbox';
import { startTestDatabase, type TestDatabase } from '@/testing/db/test-database';
import { carryOutChange } from './carry-out-change';
import { deployStoredFunction } from './deploy-function';
import { readStoredPart } from './read-stored-part';

/* Changes and reads of functions on a real database and the real sandbox. */

const connectionId = 'sandbox-test';
const region = 'ap-singapore';
const id = { region, namespace: 'default', name: 'changed' };
const code = 'def main_handler(event, context):\n    return {"statusCode": 200}\n';

let database: TestDatabase;
let sandbox: ConnectedSandbox;
let cloud: ReturnType<typeof createTencentCloud>;
const onError = vi.fn();
const deps = () => ({ db: database.db, cloudOf: () => cloud, historyDays: 30, onError });

beforeAll(async () => {
  [database, sandbox] = await Promise.all([
    startTestDatabase(),
    startConnectedSandbox({
      vipNetwork: '127.195.0.0/16',
      controlPort: null,
      connection: { id: connectionId },
    }),
  ]);
  ({ cloud } = sandbox);
  await storeConnections(database.db, [{ connection: sandbox.connection, isolation: 'user' }]);
  const spec = { runtime: 'Python3.10', handler: 'index.main_handler', memoryMb: 128, timeoutS: 3, code };
  await cloud.deployFunction({ ...id, ...spec }, randomUUID(), () => {});
  await syncEstate(deps(), connectionId);
});
afterAll(() => Promise.all([database.stop(), sandbox.stop()]));
beforeEach(() => onError.mockReset());

async function carryOut(change: FunctionChange) {
  const changeId = randomUUID();
  const row = { id: changeId, connectionId, ...id, change, reason: 'Sale', actor: 'local' };
  await database.db.insert(functionChanges).values({ ...row, state: 'running' });
  await carryOutChange(deps(), changeId);
  const [stored] = await database.db.select().from(functionChanges).where(eq(functionChanges.id, changeId));
  return stored;
}
const known = async () =>
  (await newestSnapshot(database.db, connectionId))?.functions.find(({ name }) => name === id.name);

describe('a change', () => {
  it('is recorded with its version, and in the newest snapshot at once', async () => {
    const done = await carryOut({ kind: 'publish', description: 'Sale' });
    expect(done).toMatchObject({ state: 'done', version: '2', error: null, endedAt: expect.any(Date) });
    expect((await known())?.versions).toEqual(['$LATEST', '2', '1']);
  });

  it('is not sent while all changes are paused, even if it was requested before', async () => {
    await database.db.insert(emergencyStops).values({ actor: 'Sari', reason: 'Sale is over' });
    const failed = await carryOut({ kind: 'deleteVersion', version: '2' });
    await database.db.delete(emergencyStops);
    expect(failed).toMatchObject({
      state: 'failed',
      error: {
        code: 'Refused.Paused',
        message: expect.stringContaining('Sari has paused all changes: Sale is over'),
      },
    });
    expect((await cloud.getFunction(id))?.versions).toEqual(['$LATEST', '2', '1']);
    expect(onError).not.toHaveBeenCalled();
  });

  it('is not sent if a safety rule refuses it by then, and names the rule and who may change it', async () => {
    const rule = SafetyRule.parse({ kind: 'gating', name: 'Release', match: {}, condition: 'gate' });
    const by = { createdBy: 'test', changedBy: 'test' };
    await database.db.insert(safetyRules).values({ name: rule.name, rule, ...by });
    const failed = await carryOut({ kind: 'deleteVersion', version: '2' });
    await database.db.insert(deployments).values({
      id: 'd-refused',
      connectionId,
      spec: {
        ...id,
        name: 'refused',
        runtime: 'Python3.10',
        handler: 'index.main_handler',
        memoryMb: 128,
        timeoutS: 3,
        code,
      },
      state: 'running',
      actor: 'local',
    });
    await deployStoredFunction(deps(), 'd-refused');
    const [deployment] = await database.db.select().from(deployments).where(eq(deployments.id, 'd-refused'));
    await database.db.delete(safetyRules);
    const error = {
      code: 'Refused.SafetyRule',
      message:
        'The safety rule “Release” refuses this: its gate is off. Administrators can switch the gate on in Settings.',
    };
    expect(failed).toMatchObject({ state: 'failed', error });
    expect(deployment).toMatchObject({ state: 'failed', error });
    expect((await cloud.getFunction(id))?.versions).toEqual(['$LATEST', '2', '1']);
    expect(await cloud.getFunction({ ...id, name: 'refused' })).toBeNull();
    expect(onError).not.toHaveBeenCalled();
  });

  it('that the cloud refuses shows the current state', async () => {
    const target = { version: '1', additional: null };
    await cloud.changeFunction(
      id,
      { kind: 'setAlias', alias: 'live', before: null, after: target },
      randomUUID(),
      async () => {},
    );
    expect((await known())?.aliases).not.toContainEqual(expect.objectContaining({ name: 'live' }));
    const failed = await carryOut({
      kind: 'setAlias',
      alias: 'live',
      before: { version: '2', additional: null },
      after: { version: '2', additional: { version: '1', percent: 10 } },
    });
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'Refused.ObjectChanged' } });
    expect((await known())?.aliases).toContainEqual(expect.objectContaining({ name: 'live', version: '1' }));
  });

  it('that deletes the function removes it from the newest snapshot', async () => {
    expect(await carryOut({ kind: 'delete' })).toMatchObject({ state: 'done', version: null });
    expect(await known()).toBeUndefined();
  });
});

it('a deployment that was requested before all changes were paused is not executed', async () => {
  await database.db.insert(emergencyStops).values({ actor: 'Sari', reason: 'Sale is over' });
  const spec = {
    ...id,
    name: 'late',
    runtime: 'Python3.10',
    handler: 'index.main_handler',
    memoryMb: 128,
    timeoutS: 3,
    code,
  };
  await database.db
    .insert(deployments)
    .values({ id: 'd-late', connectionId, spec, state: 'running', actor: 'local' });
  await deployStoredFunction(deps(), 'd-late');
  await database.db.delete(emergencyStops);
  const [row] = await database.db.select().from(deployments).where(eq(deployments.id, 'd-late'));
  expect(row).toMatchObject({ state: 'failed', error: { code: 'Refused.Paused' } });
  expect(await cloud.getFunction({ ...id, name: 'late' })).toBeNull();
});

describe('a read', () => {
  const part = { part: 'versions' } as const;
  const key = functionPartKey(part);
  const read = async (name: string) => {
    const job = { connectionId, region, namespace: 'default', name, key };
    await database.db.insert(functionReadings).values({ ...job, part, state: 'running' });
    await readStoredPart(deps(), job);
    const [row] = await database.db.select().from(functionReadings).where(eq(functionReadings.name, name));
    return row;
  };

  it('is stored with its time', async () => {
    expect(await read('hello')).toMatchObject({ state: 'done', readAt: expect.any(Date), error: null });
  });

  it('of a missing function is empty, without a failure', async () => {
    expect(await read('gone')).toMatchObject({ state: 'done', content: null, readAt: expect.any(Date) });
  });

  it('that fails has the reason', async () => {
    const refusing = {
      ...deps(),
      cloudOf: () => {
        throw new Error('no keys');
      },
    };
    const job = { connectionId, region, namespace: 'default', name: 'refused', key };
    await database.db.insert(functionReadings).values({ ...job, part, state: 'running' });
    await readStoredPart(refusing, job);
    const [row] = await database.db
      .select()
      .from(functionReadings)
      .where(eq(functionReadings.name, 'refused'));
    expect(row).toMatchObject({ state: 'failed', error: { code: 'Internal' } });
    expect(onError).toHaveBeenCalledOnce();
  });
});
