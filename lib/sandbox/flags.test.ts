import { expect, test } from 'vitest';
import { parseFlags } from './flags';

test('flags have defaults, and the control door is shut', () => {
  expect(parseFlags([])).toEqual({
    ok: true,
    value: {
      port: 0,
      dnsPort: 0,
      seed: 'flash-sale',
      stateFile: null,
      controlPort: null,
      vipNetwork: '127.77.0.0/16',
      taskMs: 1000,
    },
  });
  expect(parseFlags(['--control'])).toMatchObject({ value: { controlPort: 0 } });
  expect(parseFlags(['--control-port', '4000', '--state', 'w.json'])).toMatchObject({
    value: { controlPort: 4000, stateFile: 'w.json' },
  });
});

test('all bad flags are named together', () => {
  const parsed = parseFlags([
    '--port',
    'x',
    '--seed',
    'none',
    '--vip-network',
    '10.0.0.0/16',
    '--task-ms',
    '1.5',
  ]);
  expect(parsed).toMatchObject({ ok: false });
  if (parsed.ok) return;
  expect(parsed.error.map((problem) => problem.split(' ')[0]).sort()).toEqual([
    '--port',
    '--seed',
    '--task-ms',
    '--vip-network',
  ]);
});
