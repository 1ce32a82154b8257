import { createServer, type Server } from 'node:net';

export type Address = { readonly host: string; readonly port: number };

export type Listening =
  | { readonly kind: 'open'; readonly address: Address }
  | { readonly kind: 'refused'; readonly reason: string };

/** Whether an IPv4 address is one of this machine's own, 127.0.0.0/8. Nothing of the sandbox listens elsewhere. */
function isLoopback(host: string): boolean {
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/**
 * Opens a server on one loopback address and port. Where the system answers only on 127.0.0.1 (macOS) the server gets
 * a free port there instead. A refusal by the system is a value: it names the address and says what to do.
 */
export async function listenLoopback(server: Server, host: string, port: number): Promise<Listening> {
  const where = `${host}:${port}`;
  if (!isLoopback(host))
    return { kind: 'refused', reason: `${where} is not a loopback address (127.0.0.0/8)` };
  let failure = await listen(server, host, port);
  if (failure?.code === 'EADDRNOTAVAIL' && host !== '127.0.0.1')
    failure = await listen(server, '127.0.0.1', 0);
  const bound = server.address();
  if (failure === null && bound !== null && typeof bound === 'object') {
    return { kind: 'open', address: { host: bound.address, port: bound.port } };
  }
  switch (failure?.code) {
    case 'EADDRINUSE':
      return {
        kind: 'refused',
        reason: `${where} is already in use; stop the other program or change the VIP network`,
      };
    case 'EACCES':
      return { kind: 'refused', reason: `${where} may not be bound by this user` };
    default:
      return { kind: 'refused', reason: `${where} can't be bound: ${failure?.message ?? 'no address'}` };
  }
}

/** Whether this process may bind ports below 1024; asked of the system, because uid, capability and sysctl all decide. */
export async function mayBindLowPorts(): Promise<boolean> {
  const server = createServer();
  const failure = await listen(server, '127.0.0.1', 1);
  server.close();
  return failure?.code !== 'EACCES';
}

function listen(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException) => {
      server.off('listening', opened);
      resolve(error);
    };
    const opened = () => {
      server.off('error', failed);
      resolve(null);
    };
    server.once('error', failed);
    server.once('listening', opened);
    server.listen({ host, port, exclusive: true });
  });
}
