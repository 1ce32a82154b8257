import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import { expect, it, vi } from 'vitest';
import { CloudConnection } from '@/lib/cloud/connection';
import { connectingSoon, createClients } from './clients';

/** Creates an agent whose connections are never established, as on a network that drops packets. */
function silentAgent(): http.Agent {
  const agent = new http.Agent();
  agent.createConnection = () => Object.assign(new net.Socket(), { connecting: true });
  return connectingSoon(agent);
}

it('times out when a connection is not established within 1.5 s, with the code of a failed connection', () => {
  vi.useFakeTimers();
  try {
    const seen: string[] = [];
    const socket = silentAgent().createConnection({}) as net.Socket;
    socket.destroy = (error) => {
      seen.push(error?.message ?? '');
      return socket;
    };
    vi.advanceTimersByTime(1499);
    expect(seen).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(seen).toEqual(['connect ETIMEDOUT']);
  } finally {
    vi.useRealTimers();
  }
});

it('doesn’t time out an established connection', () => {
  vi.useFakeTimers();
  try {
    const socket = silentAgent().createConnection({}) as net.Socket;
    socket.emit('connect');
    vi.advanceTimersByTime(60_000);
    expect(socket.destroyed).toBe(false);
  } finally {
    vi.useRealTimers();
  }
});

it('keeps the connections of a sync’s reads for the next ones', async () => {
  let opened = 0;
  const waiting: (() => void)[] = [];
  const inFlight = 30;
  const server = http.createServer((request, response) => {
    response.setHeader('Content-Type', 'application/json');
    waiting.push(() => response.end('{"Response":{"RequestId":"1"}}'));
    request.resume();
    // All of a round are in flight before the first is answered.
    if (waiting.length === inFlight) for (const answer of waiting.splice(0)) answer();
  });
  server.on('connection', () => {
    opened += 1;
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const connection = CloudConnection.parse({
      id: 'test',
      name: 'test',
      kind: 'sandbox',
      endpoint: `http://127.0.0.1:${port}`,
      regions: ['ap-singapore'],
      secretId: 'a',
      secretKey: 'b',
      dns: null,
      portOffset: 0,
    });
    const client = createClients(connection)('clb', 'ap-singapore', 'read') as {
      DescribeLoadBalancers(request: object): Promise<unknown>;
    };
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(Array.from({ length: inFlight }, () => client.DescribeLoadBalancers({})));
    }
    expect(opened).toBe(inFlight);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
