import { describe, expect, it } from 'vitest';
import type { Cloud } from '@/lib/cloud/port';
import { StepId } from '@/lib/plan/model/model';
import type { RunEvent } from '@/lib/run/model/model';
import { TakenOverError } from './memory-engine';
import { MemoryEngine, type MemoryWorker, type PlaceHook } from './memory-worker';
import { VirtualClock } from './virtual-clock';

const start = new Date('2026-12-12T00:00:00.000Z');
const event = (stepId: StepId): RunEvent => ({
  type: 'intent',
  stepId,
  action: 'CreateRule',
  attempt: 1,
  at: start.toISOString(),
  direction: 'apply',
});
const call = { service: 'clb', action: 'CreateRule', region: 'r', params: {} } as const;
const pause = { id: 'm1', command: 'pause', actor: 'olga', reason: '' } as const;

function world() {
  const clock = new VirtualClock(start);
  const engine = new MemoryEngine(clock);
  const sent: string[] = [];
  const cloud: Pick<Cloud, 'read' | 'write' | 'wait'> = {
    read: async () => ({ state: { kind: 'recordSet', records: [] }, ids: {}, at: start }),
    wait: async () => {},
    write: async ({ action, region }, isUnchanged = async () => true) => {
      if (await isUnchanged()) sent.push(action);
      return { action, region, requestId: 'q', taskId: null, loadBalancerId: null };
    },
  };
  const outer = { cloud, prober: { probe: () => Promise.reject(new Error('no probe is expected')) } };
  return { clock, engine, sent, begin: (at?: PlaceHook) => engine.begin(1, outer, at) };
}

/** A small run: two recorded results, an event between them, and a call to the cloud. */
async function work({ ports }: MemoryWorker, done: string[]): Promise<string> {
  const one = await ports.once('one', async () => {
    done.push('one');
    return { at: ports.clock.now() };
  });
  await ports.journal.append(event(StepId.parse('s1')));
  await ports.once('two', async () => {
    done.push('two');
    await ports.cloud.write(call);
  });
  return one.at.toISOString();
}

const dieAt =
  (place: string): PlaceHook =>
  (here, worker) => {
    if (here === place) worker.die();
  };

describe('MemoryEngine', () => {
  it.each([
    ['before once one', 5000, ['one', 'two'], 1, 1],
    ['before record one', 5000, ['one', 'one', 'two'], 1, 1],
    ['after once one', 0, ['one', 'two'], 1, 1],
    ['before append intent s1', 0, ['one', 'two'], 1, 1],
    ['after append intent s1', 0, ['one', 'two'], 2, 1],
    ['before send CreateRule', 0, ['one', 'two', 'two'], 2, 1],
    ['after cloud write CreateRule', 0, ['one', 'two', 'two'], 2, 2],
    ['after once two', 0, ['one', 'two'], 2, 1],
  ])('replays what was recorded before a crash %s', async (place, at, done, events, writes) => {
    const { clock, engine, sent, begin } = world();
    const seen: string[] = [];
    const first = begin(dieAt(place));
    void work(first, seen);
    await clock.run(first.died);
    await clock.run(clock.sleepUntil(new Date(start.getTime() + 5000)));
    const second = await clock.run(work(begin(), seen));
    expect(Date.parse(second) - start.getTime()).toBe(at);
    expect(seen).toEqual(done);
    expect(engine.events).toHaveLength(events);
    expect(sent).toHaveLength(writes);
  });

  it('runs no code of a dead process, not even its catch block', async () => {
    const { clock, begin } = world();
    const seen: string[] = [];
    const worker = begin(dieAt('after probe dns'));
    const probe = { kind: 'dns', name: 'a.example', type: 'A', expect: { value: '1.1.1.1' } } as const;
    void worker.ports.prober.probe(probe).catch(() => seen.push('caught'));
    await clock.run(worker.died);
    await clock.run(clock.sleepUntil(new Date(start.getTime() + 1000)));
    expect(seen).toEqual([]);
  });

  it('refuses writes of a superseded process, and the other one continues', async () => {
    const { clock, engine, sent, begin } = world();
    let thaw = () => {};
    const frozen = new Promise<void>((resolve) => {
      thaw = resolve;
    });
    const late = work(
      begin((place) => (place === 'before send CreateRule' ? frozen : undefined)),
      [],
    );
    await clock.run(clock.sleepUntil(new Date(start.getTime() + 1000)));
    await clock.run(work(begin(), []));
    thaw();
    await expect(clock.run(late)).rejects.toThrow(TakenOverError);
    expect(sent).toEqual(['CreateRule']);
    expect(engine.events).toHaveLength(2);
  });

  it('refuses the events and results of a superseded process', async () => {
    const { clock, engine, begin } = world();
    const late = begin();
    begin();
    await expect(clock.run(late.ports.journal.append(event(StepId.parse('s1'))))).rejects.toThrow(
      TakenOverError,
    );
    await expect(clock.run(late.ports.once('one', async () => 1))).rejects.toThrow(TakenOverError);
    expect(engine.events).toEqual([]);
  });

  it('delivers a message to one process only, and to its replay again', async () => {
    const { clock, engine, begin } = world();
    const late = begin();
    const lateTake = late.ports.inbox.take(new Date(start.getTime() + 60_000)).catch((error) => error);
    const first = begin();
    const take = first.ports.inbox.take(new Date(start.getTime() + 60_000));
    clock.after(10_000, () => engine.send(1, pause));
    expect(await clock.run(take)).toEqual(pause);
    expect(clock.elapsedMs()).toBe(10_000);
    expect(await clock.run(lateTake)).toBeInstanceOf(TakenOverError);
    expect(await clock.run(first.ports.inbox.take(null))).toBeNull();

    const replay = begin();
    expect(await clock.run(replay.ports.inbox.take(new Date(start.getTime() + 60_000)))).toEqual(pause);
    expect(await clock.run(replay.ports.inbox.take(null))).toBeNull();
    expect(clock.elapsedMs()).toBe(10_000);
  });

  it('waits for a message at most until the given instant', async () => {
    const { clock, begin } = world();
    const { inbox } = begin().ports;
    expect(await clock.run(inbox.take(new Date(start.getTime() + 60_000)))).toBeNull();
    expect(clock.elapsedMs()).toBe(60_000);
  });

  it('detects a replay that diverges', async () => {
    const { clock, begin } = world();
    await clock.run(begin().ports.once('one', async () => 1));
    await expect(clock.run(begin().ports.once('other', async () => 1))).rejects.toThrow(
      'asks for once other where once one',
    );
  });
});
