import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { TrafficLog } from '../telemetry/traffic-log';
import type { Assumptions } from '../world/assumptions';
import type { Invoker } from '../world/invoker';
import type { World } from '../world/world';
import type { RequestContext } from './handle-request';
import type { RuleMemory } from './http/served-rule';
import { servedSites, siteName } from './http/site';
import { type Address, type AddressMode, findAddressMode, lowPortOffset } from './listen-loopback';
import { SitePort, type SitePortParts } from './site-port';
import { createTargetServers, type TargetServers } from './target-servers';
import type { KeyPair } from './tls/authority';
import { createSiteTls } from './tls/site-tls';

/** A listener's port in the API, and the address that really serves it. */
export type ServedAddress = {
  readonly loadBalancerId: string;
  readonly vip: string;
  readonly port: number;
  readonly protocol: 'HTTP' | 'HTTPS';
  readonly host: string;
  readonly realPort: number;
};

export type DataPlaneOptions = {
  readonly world: () => World;
  /** Calls the listener after each change of the sandbox data; returns a function that unsubscribes it. */
  readonly onChange: (listener: () => void) => () => void;
  /** CIDR, as `127.80.0.0/16`: a VIP outside it is not served. */
  readonly vipNetwork: string;
  readonly invoker: Invoker;
  readonly assumptions: Assumptions;
  readonly traffic: TrafficLog;
  /** Signs the certificates of HTTPS listeners. */
  readonly authority: KeyPair;
  readonly log: Logger;
  readonly now?: () => number;
  /** Called for each request that reached a server that is down. */
  readonly onInstanceDown?: RequestContext['onInstanceDown'];
  /** The addresses at which ports are opened; detected from the system unless given. */
  readonly mode?: AddressMode;
  /** Overrides every rule's own timeout. */
  readonly readTimeoutMs?: number;
};

/** Reads this system's addresses and ports, and starts the data plane with them. */
export async function startDataPlane(options: DataPlaneOptions): Promise<DataPlane> {
  const mode = options.mode ?? (await findAddressMode(options.vipNetwork));
  const plane = new DataPlane(options, mode, await lowPortOffset());
  await plane.settled();
  return plane;
}

/**
 * Serves the HTTP and HTTPS listeners of every load balancer at its VIPs, and follows the sandbox data as it changes. A
 * port that can't be opened is logged and tried again at the next change.
 */
export class DataPlane {
  /** The mode in which VIPs are served: each at its own address, or all at 127.0.0.1. */
  readonly mode: AddressMode;
  /** Added to ports below 1024 of VIPs and instances: 0 where this process may bind them. */
  readonly portOffset: number;
  readonly #options: DataPlaneOptions;
  readonly #targets: TargetServers;
  readonly #parts: SitePortParts;
  readonly #memories = new Map<string, RuleMemory>();
  readonly #ports = new Map<string, SitePort>();
  readonly #unsubscribe: () => void;
  #version = 0;
  #isStopped = false;
  #isQueued = false;
  #work: Promise<void>;

  constructor(options: DataPlaneOptions, mode: AddressMode, portOffset: number) {
    const { log, authority, now = Date.now } = options;
    this.#options = options;
    this.mode = mode;
    this.portOffset = portOffset;
    this.#targets = createTargetServers({ log, portOffset, mode, authority, now });
    this.#parts = {
      world: options.world,
      version: () => this.#version,
      getRuleMemory: (name) => this.#getRuleMemory(name),
      connections: new WeakMap(),
      context: this.#createContext(),
      tls: createSiteTls(authority, log),
      traffic: options.traffic,
      log,
    };
    this.#work = this.#reconcile();
    this.#unsubscribe = options.onChange(() => this.#follow());
  }

  /** Returns the address that really serves a VIP's port; known even when nothing is open there. */
  address(vip: string, port: number): Address {
    const served = [...this.#ports.values()].find(({ key }) => key.vip === vip && key.port === port);
    return served?.address ?? { host: vip, port: this.#realPort(port) };
  }

  /** Returns every port that is open now. */
  addresses(): ServedAddress[] {
    return [...this.#ports.values()].flatMap(({ key, address }) => {
      if (address === null) return [];
      const { loadBalancerId, vip, port, protocol } = key;
      return [{ loadBalancerId, vip, port, protocol, host: address.host, realPort: address.port }];
    });
  }

  /** Resolves when the open ports match every change of the sandbox data so far. */
  settled(): Promise<void> {
    return this.#work;
  }

  /** Closes every port and connection. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#unsubscribe();
    await this.#work;
    for (const port of this.#ports.values()) {
      port.close();
      port.closeAll();
    }
    this.#ports.clear();
    await this.#targets.stop();
  }

  #createContext(): RequestContext {
    const { invoker, assumptions, log, now = Date.now, readTimeoutMs = null, onInstanceDown } = this.#options;
    return {
      targets: this.#targets,
      invoker,
      assumptions,
      now,
      requestId: randomUUID,
      readTimeoutMs,
      realPort: (port) => (this.mode === 'each' ? this.#realPort(port) : port),
      onInstanceDown: onInstanceDown ?? (() => {}),
      log,
    };
  }

  #realPort(port: number): number {
    return port < 1024 ? port + this.portOffset : port;
  }

  #getRuleMemory(name: string): RuleMemory {
    const known = this.#memories.get(name) ?? { credits: new Map(), underway: new Map() };
    this.#memories.set(name, known);
    return known;
  }

  /** Coalesces changes in quick succession into one pass after the current one. */
  #follow(): void {
    this.#version += 1;
    if (this.#isQueued) return;
    this.#isQueued = true;
    this.#work = this.#work.then(() => {
      this.#isQueued = false;
      return this.#reconcile();
    });
  }

  /** Opens and closes ports until they match the sandbox data. */
  async #reconcile(): Promise<void> {
    if (this.#isStopped) return;
    const { world, vipNetwork } = this.#options;
    const wanted = new Map(servedSites(world(), vipNetwork).map((key) => [siteName(key), key]));
    for (const [name, port] of this.#ports) {
      if (wanted.has(name)) continue;
      this.#ports.delete(name);
      port.close();
    }
    this.#targets.prune(world());
    await Promise.all(
      [...wanted].map(async ([name, key]) => {
        const before = this.#ports.get(name);
        if (before?.address) return before.update();
        const port = new SitePort(key, this.#parts);
        this.#ports.set(name, port);
        return port.open(this.#realPort(key.port), this.mode, before);
      }),
    );
  }
}
