import { expect, test } from 'vitest';
import { TestClock } from '@/testing/sandbox/test-clock';
import { testStore } from '@/testing/sandbox/test-store';
import { small } from '../seeds/small';
import type { InvocationCall } from '../world/invoker';
import type { WorldTrigger } from '../world/scf';
import { Timeline } from './timeline';
import { timerTriggers } from './timer-triggers';

const minute = 60_000;

/** Creates a function with these timers from now on, and records their calls. */
function withTimers(...given: Partial<WorldTrigger>[]) {
  const clock = new TestClock();
  // From the start of a minute, so that times are easy to read.
  clock.moveTo(Math.ceil(clock.now() / minute) * minute);
  const start = clock.now();
  const store = testStore(small('127.103.0.0/16', start));
  const fn = Object.values(Object.values(store.world.accounts)[0]?.functions ?? {})[0];
  if (!fn) throw new Error('no function');
  const plain = { type: 'timer', qualifier: '$DEFAULT', enabled: true, customArgument: '' } as const;
  const times = { createdAt: start, modifiedAt: start };
  fn.triggers = given.map((each, index) => ({
    ...plain,
    ...times,
    name: `t${index}`,
    cron: '0 */1 * * * * *',
    description: '',
    ...each,
  }));
  const calls: InvocationCall[] = [];
  const newRequestId = () => `request-${calls.length + 1}`;
  const source = timerTriggers({ store, clock, call: (call) => calls.push(call), newRequestId });
  const timeline = new Timeline(clock, [source], () => {});
  timeline.arm();
  return { clock, start, fn, calls, timeline };
}

test('calls the function with the timer’s event at each time', () => {
  const { clock, start, calls } = withTimers({ name: 'every-minute', customArgument: 'hi' });
  clock.advance(minute - 1);
  expect(calls).toHaveLength(0);
  clock.advance(2 * minute);
  expect(calls.map((call) => call.event)).toEqual(
    [1, 2].map((count) => ({
      Type: 'Timer',
      TriggerName: 'every-minute',
      Time: new Date(start + count * minute).toISOString().replace('.000', ''),
      Message: 'hi',
    })),
  );
  expect(calls[0]).toMatchObject({ name: 'hello', qualifier: '$DEFAULT', requestId: 'request-1' });
});

test('calls nothing from a closed timer, and only later times from one opened late', () => {
  const { clock, fn, calls, timeline } = withTimers({ enabled: false });
  clock.advance(5 * minute);
  expect(calls).toHaveLength(0);
  const [timer] = fn.triggers;
  if (timer) Object.assign(timer, { enabled: true, modifiedAt: clock.now() });
  timeline.arm();
  clock.advance(minute);
  expect(calls).toHaveLength(1);
});

test('calls several timers in time order, including the older form of five fields', () => {
  const { clock, calls } = withTimers(
    { name: 'late', cron: '30 */1 * * * * *' },
    { name: 'early', cron: '*/1 * * * *' },
  );
  clock.advance(90_000);
  const names = calls.map((call) => (call.event as { TriggerName: string }).TriggerName);
  expect(names).toEqual(['late', 'early', 'late']);
});

test('repeats the times when the clock is set back', () => {
  const { clock, start, calls, timeline } = withTimers({});
  clock.advance(minute);
  clock.moveTo(start);
  timeline.arm();
  clock.advance(minute);
  expect(calls).toHaveLength(2);
});
