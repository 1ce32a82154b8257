import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ephemeral ports (Linux: from 32768, macOS: from 49152), so that no other test gets one between this check
 * and its use: https://docs.kernel.org/networking/ip-sysctl.html
 */
const firstPort = 10_000;
const lastPort = 32_000;

/** Returns this many ports of 127.0.0.1 that are free for TCP and UDP, which a name server needs. */
export async function findFreePorts(count: number): Promise<readonly number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(firstPort, lastPort);
    if ((await isFreeForTcp(port)) && (await isFreeForUdp(port))) found.add(port);
  }
  return [...found];
}

async function isFreeForTcp(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const isFree = await once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.close();
  return isFree;
}

async function isFreeForUdp(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  socket.bind(port, '127.0.0.1');
  const isFree = await once(socket, 'listening').then(
    () => true,
    () => false,
  );
  socket.close();
  return isFree;
}
