import { createServer, type Server } from 'node:net';

export type Address = { readonly host: string; readonly port: number };

/**
 * The addresses at which ports are opened: each VIP's own address (`each`, Linux responds on all of 127.0.0.0/8), or
 * 127.0.0.1 for all with a free port each (`shared`, for systems that respond on no other address, such as macOS).
 */
export type AddressMode = 'each' | 'shared';

export type Listening =
  | { readonly kind: 'open'; readonly address: Address }
  /** Another program uses the address. */
  | { readonly kind: 'inUse'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** The offset added to ports below 1024 where the process may not bind them. */
const unprivilegedPortOffset = 20_000;

function isLoopback(host: string): boolean {
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}

/**
 * Opens a server on one loopback address and port, or with `shared` on a free port of 127.0.0.1. A refusal by the
 * system is returned as a value: its text names the address and what to do.
 */
export async function listenLoopback(
  server: Server,
  host: string,
  port: number,
  mode: AddressMode,
): Promise<Listening> {
  const where = `${host}:${port}`;
  // With `shared`, the host is only a name: 127.0.0.1 serves it.
  if (mode === 'each' && !isLoopback(host))
    return { kind: 'refused', reason: `${where} is not a loopback address (127.0.0.0/8)` };
  const failure = mode === 'each' ? await listen(server, host, port) : await listen(server, '127.0.0.1', 0);
  const bound = server.address();
  if (failure === null && bound !== null && typeof bound === 'object') {
    return { kind: 'open', address: { host: bound.address, port: bound.port } };
  }
  switch (failure?.code) {
    case 'EADDRINUSE':
      return {
        kind: 'inUse',
        reason: `${where} is already in use; stop the other program or change the VIP network`,
      };
    case 'EACCES':
      return { kind: 'refused', reason: `${where} may not be bound by this user` };
    default:
      return { kind: 'refused', reason: `${where} can't be bound: ${failure?.message ?? 'no address'}` };
  }
}

/** Detects whether this system answers on all of 127.0.0.0/8, by binding an address of the VIP network. */
export async function findAddressMode(vipNetwork: string): Promise<AddressMode> {
  const server = createServer();
  const failure = await listen(server, vipNetwork.replace(/\.0\/\d+$/, '.1'), 0);
  server.close();
  return failure?.code === 'EADDRNOTAVAIL' ? 'shared' : 'each';
}

/**
 * Returns the offset for ports below 1024: 0 if this process may bind them. This is tested on the system, because uid,
 * capability and sysctl all decide.
 */
export async function lowPortOffset(): Promise<number> {
  const server = createServer();
  const failure = await listen(server, '127.0.0.1', 1);
  server.close();
  return failure?.code === 'EACCES' ? unprivilegedPortOffset : 0;
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
