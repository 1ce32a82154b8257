import { invariant } from '@/lib/invariant';
import { Assumptions } from './assumptions';
import { type ControlPlane, type ControlPlaneOptions, startControlPlane } from './control-plane';
import { startDataPlane } from './data-plane/data-plane';
import type { AddressMode } from './data-plane/listen-loopback';
import { createAuthority, issueServerCertificate, type KeyPair } from './data-plane/tls/authority';
import { startDns } from './dns/dns';
import { startResolver } from './dns/resolver';
import { ResolverCache } from './dns/resolver-cache';
import { createFunctionRuntime, type RuntimeFacts } from './functions/runtime';
import type { AccessKey } from './state/secret-store';
import { createTelemetry } from './telemetry/telemetry';

export type SandboxOptions = ControlPlaneOptions & {
  /** Port of the API over TLS; any free one unless given. */
  readonly tlsPort?: number;
  /** Port of the DNS server, UDP and TCP; 0 = any free one. */
  readonly dnsPort: number;
  /** Port of the resolver with a cache in front of it; any free one unless given. */
  readonly resolverPort?: number;
  /** Where listeners answer: at addresses of their own or all at 127.0.0.1; asked of the system unless given. */
  readonly addressMode?: AddressMode;
  /** Functions run in the jail or not at all: this machine holds keys that open something real. */
  readonly jailOnly?: boolean;
};

type AccountKeys = AccessKey & {
  readonly uin: string;
  readonly name: string;
  /** Sub-users, who may only do what their policies say. */
  readonly users: readonly (AccessKey & { readonly name: string })[];
};

/** Where everything is: the one JSON line that the sandbox prints when it stands. The keys open nothing real. */
export type Announcement = {
  readonly api: string;
  /** The same over TLS, shown with a certificate of `authority`: some clients know nothing else. */
  readonly apiTls: string;
  /** Of the first account. */
  readonly secretId: string;
  readonly secretKey: string;
  /** The name server of the sandbox's zones: `127.0.0.1:PORT`, UDP and TCP. */
  readonly dns: string;
  /** A resolver that keeps its answers for their TTL, likewise. */
  readonly resolver: string;
  readonly control: ControlPlane['control'];
  readonly accounts: readonly AccountKeys[];
  readonly vipNetwork: string;
  /** What is added to a listener's port below 1024 where this process may not bind it; else 0. */
  readonly portOffset: number;
  /** `shared`: this system answers on 127.0.0.1 alone, and listeners have ports of their own there (`GET /addresses`). */
  readonly addressMode: AddressMode;
  /** Certificate (PEM) of the authority that signs what HTTPS listeners show: who calls them trusts it. */
  readonly authority: string;
} & RuntimeFacts;

export type Sandbox = {
  readonly announcement: Announcement;
  /** Tells of a world with other accounts or keys, which `PUT /world` or another seed may bring. */
  onAccounts(listener: (announcement: Announcement) => void): void;
  stop(): Promise<void>;
};

/**
 * Starts the whole emulated cloud: its API, load balancers and servers that answer, functions that run, and DNS.
 * @throws Error when any part can't start; the others are stopped again then
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { log, vipNetwork, tlsPort = 0, dnsPort, resolverPort = 0, addressMode } = options;
  const { assumptions = new Assumptions(), telemetry = createTelemetry() } = options;
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    // What uses the world stops before what keeps it.
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const functions = createFunctionRuntime({
      log,
      idleMs: () => assumptions.get('function.idleS') * 1000,
      jailOnly: options.jailOnly ?? false,
    });
    // Before the API, which may wait for calls; and also when the API doesn't start.
    stops.push(functions.stop);
    const plane = await startControlPlane({ ...options, assumptions, telemetry, runtime: functions });
    stops.push(plane.stop, functions.stop);
    const { store, invoker, clock, faults } = plane;
    invariant(invoker !== null, 'the control plane has a runtime');
    const world = () => store.world;
    const onChange = (listener: () => void) => store.onChange(listener);
    const authority = store.secrets.authority ?? (await createAuthority(Date.now()));
    if (store.secrets.authority === null) store.secrets.keepAuthority(authority);
    const apiTls = await plane.openTls(tlsPort, await apiCertificate(authority));
    const dataPlane = await startDataPlane({
      ...{ world, onChange, vipNetwork, invoker, assumptions, authority, log },
      traffic: telemetry.traffic,
      now: () => clock.now(),
      onInstanceDown: (instanceId, requestId) => {
        const down = faults.standing('instanceDown', (order) => order.instanceId === instanceId);
        if (down) faults.hit(down.id, { action: 'HTTP request', requestId });
      },
      ...(addressMode !== undefined && { mode: addressMode }),
    });
    stops.push(() => dataPlane.stop());
    const dns = await startDns({ world, assumptions, port: dnsPort, log });
    stops.push(() => dns.stop());
    const ignoredTtl = () => faults.standing('resolverIgnoresTtl');
    const cache = new ResolverCache(
      clock,
      () => ignoredTtl()?.order ?? null,
      (name) => {
        const fault = ignoredTtl();
        // DNS knows no request ids: the name that was asked for stands in its place.
        if (fault) faults.hit(fault.id, { action: 'DNS query', requestId: name });
      },
    );
    const resolver = await startResolver({ world, assumptions, cache, port: resolverPort, log });
    stops.push(() => resolver.stop());
    const runtimes = await functions.facts;
    plane.describe(() => ({ addresses: dataPlane.addresses(), runtimes }));
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
    return { announcement, onAccounts, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const yearMs = 365 * 86_400_000;

/** What the API shows over TLS: its address, and names that lead there, one for each service among them. */
function apiCertificate(authority: KeyPair): Promise<KeyPair> {
  const now = Date.now();
  return issueServerCertificate(authority, {
    name: 'localhost',
    names: ['127.0.0.1', 'localhost', '*.localhost', '*.sandbox.localhost'],
    validFrom: now - yearMs,
    validTo: now + yearMs,
  });
}

function announce(
  plane: ControlPlane,
  facts: Pick<
    Announcement,
    | 'apiTls'
    | 'dns'
    | 'resolver'
    | 'vipNetwork'
    | 'portOffset'
    | 'addressMode'
    | 'authority'
    | keyof RuntimeFacts
  >,
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
  if (!first) throw new Error('The world has no account.');
  const { secretId, secretKey } = first;
  return { api: plane.api, secretId, secretKey, control: plane.control, accounts, ...facts };
}
