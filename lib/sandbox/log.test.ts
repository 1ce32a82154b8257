import { connect } from 'node:net';
import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { catchCode, startTestCloud, type TestCloud } from '@/testing/sandbox/test-cloud';

const debug = 20;
const info = 30;

let cloud: TestCloud | undefined;
afterEach(() => cloud?.plane.stop());

/** Starts a cloud whose complete log is kept. */
async function startLogged() {
  const text: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => text.push(line) });
  cloud = await startTestCloud({ log });
  const lines = () => text.map((line): Record<string, unknown> => JSON.parse(line));
  return { cloud, text, lines };
}

test('logs refused reads at debug level, and refused writes with code and request id', async () => {
  const { cloud, lines } = await startLogged();
  const { clb, scf } = cloud.clients();
  expect(await catchCode(scf.ListFunctions({ Namespace: 'nowhere' }))).toBe('ResourceNotFound.Namespace');
  const none = { LoadBalancerId: 'lb-none', ListenerId: 'lbl-none' };
  expect(await catchCode(clb.DeleteRule({ ...none, Domain: 'a.example.com', Url: '/' }))).toBe(
    'InvalidParameter.LBIdNotFound',
  );
  await clb.DescribeLoadBalancers({});
  const place = { LoadBalancerId: 'lb-scf00001', ListenerId: 'lbl-scf00001' };
  await clb.CreateRule({ ...place, Rules: [{ Domain: 'a.example.com', Url: '/' }] });
  const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/);
  expect(lines()).toMatchObject([
    { level: debug, action: 'ListFunctions', code: 'ResourceNotFound.Namespace', requestId },
    { level: info, action: 'DeleteRule', code: 'InvalidParameter.LBIdNotFound', requestId },
    { level: debug, action: 'DescribeLoadBalancers', requestId },
    { level: info, action: 'CreateRule', requestId },
  ]);
});

test('logs an action that no service has, even when it only reads', async () => {
  const { cloud, lines } = await startLogged();
  await expect(cloud.clients().clb.request('DescribeMoonPhases', {})).rejects.toThrow('DescribeMoonPhases');
  expect(lines()).toMatchObject([{ level: info, action: 'DescribeMoonPhases', code: 'InvalidAction' }]);
});

test('the control API accepts only its token, and the log contains neither that nor a key', async () => {
  const { cloud, text } = await startLogged();
  const { control } = cloud.plane;
  if (!control) throw new Error('the test cloud has a control API');
  const ask = (headers: Record<string, string>, path = '/data') =>
    fetch(control.url + path, { headers }).then(({ status }) => status);
  expect(new URL(control.url).hostname).toBe('127.0.0.1');
  expect(await ask({})).toBe(401);
  expect(await ask({ Authorization: `Bearer ${control.token}x` })).toBe(401);
  expect(await ask({ Authorization: `Bearer ${control.token}` })).toBe(200);
  expect(await ask({ Authorization: `Bearer ${control.token}` }, '/nothing')).toBe(404);
  await cloud.clients().clb.DescribeLoadBalancers({});
  // An aborted request is logged with its error, which must not include headers.
  const socket = connect(Number(new URL(control.url).port), '127.0.0.1');
  const head = `POST /faults HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${control.token}\r\nContent-Length: 9`;
  socket.end(`${head}\r\n\r\n{`);
  await vi.waitFor(() => expect(text.join('')).toContain('control request broke off'));
  const { secretKey } = cloud.keys('small-standard');
  for (const secret of [control.token, secretKey]) expect(text.join('')).not.toContain(secret);
});
