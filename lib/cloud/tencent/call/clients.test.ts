import http from 'node:http';
import net from 'node:net';
import { expect, it, vi } from 'vitest';
import { connectingSoon } from './clients';

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
