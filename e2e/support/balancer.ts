import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP load balancer in front of several dashboards. */
export type Balancer = {
  readonly url: string;
  /** Switches to this dashboard; connections to the previous one are closed. */
  lead(to: string): void;
  close(): Promise<void>;
};

export async function startBalancer(): Promise<Balancer> {
  let port = 0;
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.pipe(other);
      // If one end breaks, the other one is closed, too.
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null)
    throw new Error('A TCP server has an address with a port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    lead(to) {
      port = Number(new URL(to).port);
      for (const socket of open) socket.destroy();
    },
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}
