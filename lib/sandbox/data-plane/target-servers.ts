import { createServer, type Server } from 'node:http';
import type { Logger } from 'pino';
import type { WorldInstance } from '../world/network';
import type { World } from '../world/world';
import { answerAsInstance } from './instance-page';
import { type Address, listenLoopback } from './listen-loopback';

/** The web servers of the sandbox's instances, each on its instance's own loopback address. */
export type TargetServers = {
  /** Where the instance answers on a port, opened on first use; null while it doesn't (stopped, port taken). */
  dial(instance: WorldInstance, port: number): Promise<Address | null>;
  /** Closes the servers of instances that are stopped, gone, or replaced by another object of the world. */
  prune(world: World): void;
  stop(): void;
};

type Entry = {
  readonly server: Server;
  readonly instance: WorldInstance;
  readonly address: Promise<Address | null>;
};

/** `portOffset` is added to ports below 1024, as for VIPs. */
export function createTargetServers({ log, portOffset }: { log: Logger; portOffset: number }): TargetServers {
  const entries = new Map<string, Entry>();

  async function open(server: Server, instance: WorldInstance, port: number): Promise<Address | null> {
    const listening = await listenLoopback(
      server,
      instance.privateIp,
      port < 1024 ? port + portOffset : port,
    );
    if (listening.kind === 'open') return listening.address;
    log.warn({ instance: instance.id, port }, `instance ${instance.id} doesn't answer: ${listening.reason}`);
    return null;
  }

  function close(key: string, { server }: Entry): void {
    entries.delete(key);
    server.close();
    server.closeIdleConnections();
  }

  return {
    async dial(instance, port) {
      if (instance.state !== 'RUNNING') return null;
      const key = `${instance.id}:${port}`;
      let entry = entries.get(key);
      if (entry === undefined) {
        const server = createServer((request, response) => answerAsInstance(instance, request, response));
        entry = { server, instance, address: open(server, instance, port) };
        entries.set(key, entry);
      }
      const address = await entry.address;
      // A port that was taken is tried again by the next request.
      if (address === null && entries.get(key) === entry) entries.delete(key);
      return address;
    },
    prune(world) {
      for (const [key, entry] of entries) {
        const now = Object.values(world.accounts)
          .map((account) => account.instances[entry.instance.id])
          .find((instance) => instance !== undefined);
        if (now?.state !== 'RUNNING' || now !== entry.instance) close(key, entry);
      }
    },
    stop() {
      for (const [key, entry] of entries) {
        close(key, entry);
        entry.server.closeAllConnections();
      }
    },
  };
}
