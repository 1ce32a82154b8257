import type { Logger } from 'pino';
import { invariant } from '@/lib/invariant';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from './control-plane';
import { type ServedAddress, startDataPlane } from './data-plane/data-plane';
import type { AddressMode } from './data-plane/listen-loopback';
import { createAuthority, issueServerCertificate, type KeyPair } from './data-plane/tls/authority';
import { type AnswerRules, answer, createShares } from './dns/answer';
import { type DnsListener, listenDns, respondSafely } from './dns/listen-dns';
import { encodeResponse, lineOfClient, parseQuery } from './dns/message';
import { ResolverCache, startResolver } from './dns/resolver';
import { createFunctionRuntime, type RuntimeFacts } from './functions/runtime';
import { createTelemetry } from './telemetry/telemetry';
import { Assumptions } from './world/assumptions';
import type { AccessKey } from './world/secret-store';
import type { World } from './world/world';

type DnsOptions = {
  readonly world: () => World;
  readonly assumptions: Pick<Assumptions, 'get'>;
  /** The port for UDP and TCP; 0 takes a free one. */
  readonly port: number;
  readonly log: Logger;
  /** Numbers in [0, 1) for the order, and for the start of the weight rotation. */
  readonly random?: () => number;
};

/** Starts the name server of the sandbox's zones on 127.0.0.1. Rejects when the port can't be bound, naming it. */
export function startDns(options: DnsOptions): Promise<DnsListener> {
  const { world, assumptions, port, log, random = Math.random } = options;
  const shares = createShares(random);
  const rulesFor = (lineId: string): AnswerRules => ({
    lineId,
    random,
    shares,
    mixedWeights: assumptions.get('dns.mixedWeights'),
  });
  const respond = respondSafely(log, (message, transport) => {
    const parsed = parseQuery(message);
    if (parsed.kind === 'drop') return null;
    if (parsed.kind === 'refuse') return parsed.message;
    const { query } = parsed;
    const { lineId, scopeBits } = lineOfClient(query.edns?.subnet ?? null);
    const reply = answer(world(), query.question, rulesFor(lineId));
    return encodeResponse(query, reply, { recursionAvailable: false, scopeBits, transport });
  });
  return listenDns(port, respond, log);
}

export type SandboxOptions = ControlPlaneOptions & {
  /** The port of the API over TLS; any free one by default. */
  readonly tlsPort?: number;
  /** The port of the DNS server, UDP and TCP; 0 = any free one. */
  readonly dnsPort: number;
  /** The port of the caching resolver; any free one by default. */
  readonly resolverPort?: number;
  /**
   * The addresses at which listeners are served: their own, or 127.0.0.1 for all; detected from the system by default.
   */
  readonly addressMode?: AddressMode;
  /** Functions run in the jail or not at all: this machine holds keys that grant real access. */
  readonly jailOnly?: boolean;
  /** The time that load balancers wait for a backend; by default as their configuration says. */
  readonly readTimeoutMs?: number;
  /** The VIPs at which load balancers are served; by default those of `vipNetwork`. */
  readonly servedNetwork?: string;
};

type AccountKeys = AccessKey & {
  readonly uin: string;
  readonly name: string;
  /** Sub-users, who may only do what their policies allow. */
  readonly users: readonly (AccessKey & { readonly name: string })[];
};

/** The addresses of the sandbox: the one JSON line that it prints when it is ready. The keys grant no real access. */
export type Announcement = {
  readonly api: string;
  /** The same over TLS, with a certificate of `authority`: some clients support nothing else. */
  readonly apiTls: string;
  /** The key of the first account. */
  readonly secretId: string;
  readonly secretKey: string;
  /** The name server of the sandbox's zones: `127.0.0.1:PORT`, UDP and TCP. */
  readonly dns: string;
  /** A resolver that caches its answers for their TTL, likewise. */
  readonly resolver: string;
  readonly control: ControlPlane['control'];
  readonly accounts: readonly AccountKeys[];
  readonly vipNetwork: string;
  /** The offset of a listener's port below 1024 if this process may not bind it; otherwise 0. */
  readonly portOffset: number;
  /** `shared`: this system answers only on 127.0.0.1, and each listener has its own port there (`GET /addresses`). */
  readonly addressMode: AddressMode;
  /**
   * The certificate (PEM) of the authority that signs the certificates of HTTPS listeners: clients that call them must
   * trust it.
   */
  readonly authority: string;
} & RuntimeFacts;

export type Sandbox = {
  readonly announcement: Announcement;
  readonly plane: ControlPlane;
  /** Returns every listener's port that is open now, and the address that serves it. */
  addresses(): readonly ServedAddress[];
  /** Notifies of other accounts or keys, after `PUT /data` or another seed. */
  onAccounts(listener: (announcement: Announcement) => void): void;
  stop(): Promise<void>;
};

/**
 * Starts the whole emulated cloud: its API, load balancers and servers that respond, functions that run, and DNS.
 * @throws Error if any part can't start; the others are then stopped again
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { log, vipNetwork, tlsPort = 0, dnsPort, resolverPort = 0, addressMode } = options;
  const { assumptions = new Assumptions(), telemetry = createTelemetry() } = options;
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    // Users of the sandbox data stop before its store.
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const functions =
      options.runtime ??
      createFunctionRuntime({
        log,
        idleMs: () => assumptions.get('function.idleS') * 1000,
        jailOnly: options.jailOnly ?? false,
      });
    // Stopped before the API, which may wait for calls; and also when the API doesn't start.
    stops.push(() => functions.stop());
    const plane = await startControlPlane({ ...options, assumptions, telemetry, runtime: functions });
    stops.push(plane.stop, () => functions.stop());
    const { store, invoker, clock, faults } = plane;
    invariant(invoker !== null, 'the control plane has a runtime');
    const world = () => store.world;
    const onChange = (listener: () => void) => store.onChange(listener);
    const authority = store.secrets.authority ?? (await createAuthority(Date.now()));
    if (store.secrets.authority === null) store.secrets.keepAuthority(authority);
    const apiTls = await plane.openTls(tlsPort, await apiCertificate(authority, options.acceptHosts));
    const dataPlane = await startDataPlane({
      world,
      onChange,
      vipNetwork: options.servedNetwork ?? vipNetwork,
      invoker,
      assumptions,
      authority,
      log,
      traffic: telemetry.traffic,
      now: () => clock.now(),
      onInstanceDown: (instanceId, requestId) => {
        const down = faults.findLasting('instanceDown', (fault) => fault.instanceId === instanceId);
        if (down) faults.hit(down.id, { action: 'HTTP request', requestId });
      },
      ...(addressMode !== undefined && { mode: addressMode }),
      ...(options.readTimeoutMs !== undefined && { readTimeoutMs: options.readTimeoutMs }),
    });
    stops.push(() => dataPlane.stop());
    const dns = await startDns({ world, assumptions, port: dnsPort, log });
    stops.push(() => dns.stop());
    const ignoredTtl = () => faults.findLasting('resolverIgnoresTtl');
    const cache = new ResolverCache(
      clock,
      () => ignoredTtl()?.spec ?? null,
      (name) => {
        const fault = ignoredTtl();
        // DNS has no request ids: the queried name is used instead.
        if (fault) faults.hit(fault.id, { action: 'DNS query', requestId: name });
      },
    );
    const resolver = await startResolver({ world, assumptions, cache, port: resolverPort, log });
    stops.push(() => resolver.stop());
    const runtimes = await functions.facts;
    plane.describe(
      () => ({ addresses: dataPlane.addresses(), runtimes }),
      () => dataPlane.settled(),
    );
    const facts = {
      apiTls,
      dns: `127.0.0.1:${dns.port}`,
      resolver: `127.0.0.1:${resolver.port}`,
      vipNetwork,
      portOffset: dataPlane.portOffset,
      addressMode: dataPlane.mode,
      authority: authority.certificate,
      ...runtimes,
    };
    const announcement = announce(plane, facts);
    const onAccounts = (listener: (announcement: Announcement) => void) => {
      let known = JSON.stringify(announcement.accounts);
      onChange(() => {
        const next = announce(plane, facts);
        const accounts = JSON.stringify(next.accounts);
        if (accounts === known) return;
        known = accounts;
        listener(next);
      });
    };
    return { announcement, plane, addresses: () => dataPlane.addresses(), onAccounts, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const yearMs = 365 * 86_400_000;

/**
 * Issues the certificate of the API over TLS: for its address, and for names that point at it, including one for each
 * service.
 */
function apiCertificate(authority: KeyPair, acceptHosts: readonly string[] = []): Promise<KeyPair> {
  const now = Date.now();
  return issueServerCertificate(authority, {
    name: 'localhost',
    names: ['127.0.0.1', 'localhost', '*.localhost', '*.sandbox.localhost', ...acceptHosts],
    validFrom: now - yearMs,
    validTo: now + yearMs,
  });
}

function announce(
  plane: ControlPlane,
  facts: Omit<Announcement, 'api' | 'secretId' | 'secretKey' | 'control' | 'accounts'>,
): Announcement {
  const { world, secrets } = plane.store;
  const accounts = Object.values(world.accounts).map(
    ({ uin, name, users }): AccountKeys => ({
      uin,
      name,
      ...secrets.keyOf(uin),
      users: Object.values(users).map((user) => ({ name: user.name, ...secrets.keyOf(user.uin) })),
    }),
  );
  const [first] = accounts;
  if (!first) throw new Error('The sandbox data has no account.');
  const { secretId, secretKey } = first;
  return { api: plane.api, secretId, secretKey, control: plane.control, accounts, ...facts };
}
