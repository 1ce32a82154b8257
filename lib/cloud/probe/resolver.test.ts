import { afterEach, expect, it } from 'vitest';
import { knowing, nameServerRecord, testNameServers } from '@/testing/cloud/test-name-server';
import { ask, parseResolver } from './resolver';

const { startServer, close } = testNameServers();
afterEach(close);

it('retries over TCP when the answer over UDP was truncated', async () => {
  const many = Array.from({ length: 200 }, (_, index) =>
    nameServerRecord('b.shop.test', 'A', `198.51.100.${index}`),
  );
  const server = await startServer(knowing(many), { isCut: true });
  const reply = await ask(parseResolver(server.address), 'b.shop.test', 'A');
  expect(reply.answers).toHaveLength(200);
  expect(server.questions.map(({ over }) => over)).toEqual(['udp', 'tcp']);
});

it('follows CNAMEs that the server leaves to the client, and stops at a loop', async () => {
  const server = await startServer(
    knowing([nameServerRecord('a.test', 'CNAME', 'b.test'), nameServerRecord('b.test', 'CNAME', 'a.test')]),
  );
  await expect(ask(parseResolver(server.address), 'a.test', 'A')).rejects.toThrow('a loop');
});

it('accepts no record whose owner is not in the chain', async () => {
  const server = await startServer(() => [nameServerRecord('other.test', 'A', '198.51.100.1')]);
  expect((await ask(parseResolver(server.address), 'a.test', 'A')).answers).toEqual([]);
});
