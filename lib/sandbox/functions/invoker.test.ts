import { pino } from 'pino';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { testWorld, worldFunction } from '@/testing/sandbox/data-plane/test-world';
import { TestClock } from '@/testing/sandbox/test-clock';
import { catchCode, startTestCloud } from '@/testing/sandbox/test-cloud';
import { testStore } from '@/testing/sandbox/test-store';
import { published, zipSeedFiles } from '../seeds/parts';
import { createTelemetry } from '../telemetry/telemetry';
import { Assumptions } from '../world/assumptions';
import { defaultAlias, type WorldFunction } from '../world/scf';
import { createInvoker } from './invoker';
import { keepProvisioned } from './keep-provisioned';
import { createFunctionRuntime, type FunctionRuntimeOptions } from './runtime';

const log = pino({ level: 'silent' });
/** Allows for the start of a process on a busy machine. */
const patience = 10_000;
const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stops) await stop();
});

const zip = (source: string) => zipSeedFiles({ 'index.js': source });
const nodeFunction = (name: string, source: string, parts: Partial<WorldFunction> = {}) =>
  worldFunction({ name, runtime: 'Nodejs18.15', zip: zip(source), ...parts });

function setUp(functions: WorldFunction[], options: Partial<FunctionRuntimeOptions> = {}) {
  const byKey = functions.map((fn) => [`${fn.region}/${fn.namespace}/${fn.name}`, fn] as const);
  const { world, account } = testWorld({ functions: Object.fromEntries(byKey) });
  const runtime = createFunctionRuntime({ log, ...options });
  stops.push(runtime.stop);
  const [telemetry, clock, assumptions] = [createTelemetry(), new TestClock(), new Assumptions()];
  const draws = [0.1, 0.5];
  const draw = () => draws.shift() ?? 0.9;
  const invoker = createInvoker({ runtime, telemetry, clock, assumptions, draw });
  const invoke = (name: string, { qualifier = '$DEFAULT', event = {} as unknown } = {}) =>
    invoker.invoke({
      account,
      region: 'ap-singapore',
      namespace: 'default',
      name,
      qualifier,
      event,
      requestId: `request of ${name}`,
    });
  return { world, runtime, telemetry, clock, assumptions, invoker, invoke };
}

describe('a call', () => {
  it('ends with SCF’s status, and is recorded however it ends', async () => {
    const { invoke, telemetry, clock } = setUp([
      nodeFunction('fine', 'exports.main_handler = (event) => { console.log("hi"); return event }'),
      nodeFunction('throws', 'exports.main_handler = () => { throw new Error("no stock") }'),
      nodeFunction('exits', 'exports.main_handler = () => process.exit(1)'),
      nodeFunction('slow', 'exports.main_handler = () => new Promise(() => {})', { timeoutS: 1 }),
      nodeFunction('late', 'for (;;);', { initTimeoutS: 1 }),
      nodeFunction('greedy', 'exports.main_handler = () => Buffer.alloc(300e6, 1).length'),
      nodeFunction('chatty', 'exports.main_handler = () => "x".repeat(7e6)'),
      nodeFunction('stopped', '', { reservedMb: 0 }),
      nodeFunction('new', '', { status: 'Creating' }),
      nodeFunction('go', '', { runtime: 'Go1' }),
    ]);
    const names = ['fine', 'throws', 'exits', 'slow', 'late', 'greedy', 'chatty', 'stopped', 'new', 'none'];
    const calls = [
      ...names.map((name) => invoke(name, { event: { n: 1 } })),
      invoke('fine', { qualifier: 'nothing' }),
      invoke('fine', { event: 'x'.repeat(7e6) }),
      invoke('go'),
    ];
    const statuses = (await Promise.all(calls)).map(({ status }) => status);
    expect(statuses).toEqual([200, 430, 439, 433, 450, 434, 407, 432, 435, 435, 442, 406, 500]);
    const records = telemetry.invocations.records();
    expect(records.map(({ status }) => status).sort()).toEqual(statuses.toSorted());
    expect(records.find(({ status }) => status === 200)).toMatchObject({
      at: clock.now(),
      uin: '100000000001',
      region: 'ap-singapore',
      namespace: 'default',
      name: 'fine',
      qualifier: '$DEFAULT',
      version: '$LATEST',
      requestId: 'request of fine',
      errorMessage: '',
      coldStart: true,
      concurrency: 1,
      log: 'hi\n',
      answer: '{"n":1}',
      durationMs: expect.any(Number),
      memoryMb: expect.any(Number),
    });
    expect(records.find(({ status }) => status === 430)?.errorMessage).toContain('no stock');
  });

  it('runs the version that its alias selects', async () => {
    const say = (text: string) => zip(`exports.main_handler = () => '${text}'`);
    const old = published(nodeFunction('shop', "exports.main_handler = () => 'one'"));
    const alias = { ...defaultAlias(0), name: 'live', version: '1' };
    const fn: WorldFunction = {
      ...old,
      zip: say('latest'),
      aliases: [{ ...alias, extra: { version: '$LATEST', weight: 0.3 } }],
    };
    const { invoke } = setUp([fn]);
    const outcomes = [
      await invoke('shop', { qualifier: 'live' }),
      await invoke('shop', { qualifier: 'live' }),
    ];
    outcomes.push(await invoke('shop', { qualifier: '1' }));
    expect(outcomes.map(({ version, result }) => [version, result])).toMatchObject([
      ['$LATEST', { value: 'latest' }],
      ['1', { value: 'one' }],
      ['1', { value: 'one' }],
    ]);
  });

  it('waits for a free process if there is concurrency for it, and otherwise does not', async () => {
    const source = 'exports.main_handler = () => process.pid';
    const { invoke } = setUp(
      [nodeFunction('many', source), nodeFunction('few', source, { reservedMb: 256 })],
      { perFunction: 1 },
    );
    const many = await Promise.all(Array.from({ length: 5 }, () => invoke('many')));
    expect(many.map(({ status, coldStart }) => [status, coldStart])).toEqual([
      [200, true],
      ...Array.from({ length: 4 }, () => [200, false]),
    ]);
    const few = await Promise.all(Array.from({ length: 5 }, () => invoke('few')));
    expect(few.map(({ status }) => status).sort()).toEqual([200, 200, 432, 432, 432]);
  });

  it('that starts an instance waits for the assumed time', async () => {
    const { invoke, clock, assumptions } = setUp([nodeFunction('slow', 'exports.main_handler = () => 1')]);
    assumptions.set('function.coldStartMs', 800);
    const at = vi.spyOn(clock, 'at');
    const call = invoke('slow');
    await vi.waitFor(
      () => expect(at).toHaveBeenCalledWith(clock.now() + 800, expect.any(Function)),
      patience,
    );
    clock.advance(800);
    expect(await call).toMatchObject({ status: 200, coldStart: true });
    expect(await invoke('slow')).toMatchObject({ status: 200, coldStart: false });
  });
});

it('a provisioned version has a process with its code loaded before the first call', async () => {
  const source = 'console.log("loading"); exports.main_handler = () => { console.log("call"); return 1 }';
  const fn = published(nodeFunction('sale', source));
  const { world, runtime, telemetry, clock, invoke } = setUp([fn], { perFunction: 1 });
  const store = testStore(world);
  const stop = keepProvisioned({ store, runtime, clock, telemetry, log });
  fn.provisioned = [
    { qualifier: '1', from: 0, since: clock.now(), kind: 'Default', target: 50, schedule: [] },
  ];
  const keepWarm = vi.spyOn(runtime, 'keepWarm');
  store.changed();
  await vi.waitFor(
    () => expect(keepWarm).toHaveBeenCalledWith([expect.objectContaining({ count: 50 })]),
    patience,
  );
  await keepWarm.mock.results[0]?.value;
  expect(await invoke('sale', { qualifier: '1' })).toMatchObject({
    status: 200,
    coldStart: false,
    log: 'call\n',
  });
  stop();
});

it('instances that a client provisions over the API serve its calls over the API', async () => {
  const runtime = createFunctionRuntime({ log, perFunction: 1 });
  const cloud = await startTestCloud({ runtime });
  stops.push(cloud.plane.stop, runtime.stop);
  const { scf } = cloud.clients();
  const source =
    'console.log("loading"); exports.main_handler = (event) => { console.log("call"); return event }';
  const at = { FunctionName: 'sale', Qualifier: '1' };
  const code = { Code: { ZipFile: zip(source) }, Handler: 'index.main_handler', Runtime: 'Nodejs18.15' };
  await scf.CreateFunction({ FunctionName: 'sale', ...code });
  cloud.clock.advance(1000);
  await scf.PublishVersion({ FunctionName: 'sale' });
  cloud.clock.advance(1000);
  await scf.PutProvisionedConcurrencyConfig({ ...at, VersionProvisionedConcurrencyNum: 2 });
  cloud.clock.advance(1200);
  const call = () => scf.Invoke({ ...at, ClientContext: '{"n":1}', LogType: 'Tail' });
  expect((await call()).Result).toMatchObject({ InvokeResult: 0, RetMsg: '{"n":1}', Log: 'call\n' });
  await scf.DeleteProvisionedConcurrencyConfig(at);
  await scf.PutReservedConcurrencyConfig({ FunctionName: 'sale', ReservedConcurrencyMem: 0 });
  expect(await catchCode(call())).toBe('LimitExceeded.Quota');
});
