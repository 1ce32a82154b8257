import { afterAll, expect, it } from 'vitest';
import { startAlertReceiver } from '@/testing/worker/alert-receiver';
import { postMessage } from './post-message';
import { RefusedTargetError } from './public-lookup';

const receiver = await startAlertReceiver();
afterAll(() => receiver.stop());

const post = (url: string, privateHosts: readonly string[] = []) =>
  postMessage({ url, headers: {}, body: '{}' }, privateHosts);

it('connects to no loopback, private, link-local or metadata address, however it is written', async () => {
  const { port } = new URL(receiver.origin);
  const hosts = [
    ...['127.0.0.1', '127.1', '0x7f.0.0.1', '2130706433', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0'],
    ...['10.0.0.5', '192.168.1.1', '169.254.0.23', '169.254.169.254', '100.64.0.1', '[fd00::1]', '[fe80::1]'],
  ];
  for (const host of hosts)
    await expect(async () => post(`https://${host}:${port}/`), host).rejects.toThrow(RefusedTargetError);
  expect(receiver.received).toEqual([]);
});

it('refuses a name that resolves to such an address, as it connects', async () => {
  const { port } = new URL(receiver.origin);
  await expect(post(`https://localhost:${port}/`)).rejects.toThrow(
    /localhost \(.+\) is no public address; .*SPILLWAY_ALERT_PRIVATE_HOSTS/,
  );
});

it('needs TLS for a host that is not allowed', async () => {
  await expect(async () => post('http://hooks.example.com/')).rejects.toThrow(
    'hooks.example.com needs https',
  );
});

it('connects to an allowed host, and to no other one', async () => {
  expect(await post(receiver.origin, ['127.0.0.1'])).toEqual({ status: 200, body: '' });
  await expect(async () => post(receiver.origin, ['127.0.0.2'])).rejects.toThrow(RefusedTargetError);
});
