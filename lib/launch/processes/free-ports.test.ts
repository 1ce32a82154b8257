import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { parseSettings } from '@/lib/settings';
import { portProblems, wantedPorts } from './free-ports';

test('names a port in use with its setting and what to do', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const address = holder.address();
  if (typeof address !== 'object' || address === null) throw new Error('a TCP server has an address');
  const problems = await portProblems([{ setting: 'PORT', port: address.port, protocol: 'TCP' }]);
  holder.close();
  expect(problems).toEqual([
    `PORT: port ${address.port} (TCP) on 127.0.0.1 is in use; stop the program that uses it, or set PORT to a free port`,
  ]);
});

test('refuses two settings with the same port', async () => {
  const settings = parseSettings({
    PORT: '21211',
    SPILLWAY_SANDBOX_PORT: '21211',
    SPILLWAY_SANDBOX_CONTROL_PORT: '21212',
    SPILLWAY_SANDBOX_DNS_PORT: '21212',
    SPILLWAY_SANDBOX_RESOLVER_PORT: '21213',
  });
  if (!settings.ok) throw new Error(settings.error.join());
  expect(await portProblems(wantedPorts(settings.value))).toEqual([
    `SPILLWAY_SANDBOX_PORT: port 21211 is already used by PORT; set different ports`,
    `SPILLWAY_SANDBOX_DNS_PORT: port 21212 is already used by SPILLWAY_SANDBOX_CONTROL_PORT; set different ports`,
  ]);
});

test.each([
  [
    'all',
    [
      'PORT',
      'SPILLWAY_SANDBOX_CONTROL_PORT',
      'SPILLWAY_SANDBOX_DNS_PORT',
      'SPILLWAY_SANDBOX_PORT',
      'SPILLWAY_SANDBOX_RESOLVER_PORT',
    ],
  ],
  ['web', ['PORT']],
  ['worker', []],
])('checks exactly the ports that %s opens', (role, ports) => {
  const settings = parseSettings({ SPILLWAY_ROLE: role, DATABASE_URL: 'postgresql://elsewhere/spillway' });
  if (!settings.ok) throw new Error(settings.error.join());
  expect([...new Set(wantedPorts(settings.value).map(({ setting }) => setting))].sort()).toEqual(ports);
});
