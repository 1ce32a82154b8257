import { expect, test } from 'vitest';
import { lineSeverity } from './launcher-log';

test.each([
  ['worker', 'stdout', '{"level":30,"msg":"synced"}', 'info', 'synced'],
  ['worker', 'stdout', '{"level":40,"msg":"slow"}', 'warn', 'slow'],
  [
    'worker',
    'stdout',
    '{"level":50,"msg":"failed","err":{"message":"no route"}}',
    'error',
    'failed: no route',
  ],
  ['web', 'stderr', 'Error: broken', 'warn', 'Error: broken'],
  ['web', 'stderr', '    at handler (web.mjs:1:1)', 'info', '    at handler (web.mjs:1:1)'],
  ['web', 'stdout', 'hello', 'info', 'hello'],
  ['web', 'stdout', '{not json', 'info', '{not json'],
  ['database', 'stderr', 'LOG:  checkpoint', 'info', 'LOG:  checkpoint'],
  ['database', 'stderr', 'ERROR:  duplicate key', 'info', 'ERROR:  duplicate key'],
  ['database', 'stderr', 'FATAL:  no space', 'warn', 'FATAL:  no space'],
  ['database', 'stderr', 'PANIC:  disk', 'error', 'PANIC:  disk'],
] as const)('%s on %s: %s is %s', (service, from, line, severity, text) => {
  expect(lineSeverity(service, from, line)).toEqual({ severity, text });
});
