import type { CloudConnection } from '@/lib/cloud/connection';
import { type Endpoint, isPublicAddress } from '@/lib/estate/address';
import type { DnsProbe, ProbeAnswer } from '@/lib/estate/probe';
import { ask, type DnsReply, parseResolver, plainName, plainValue, systemResolver } from './resolver';
import { isSilence } from './silence';

/** DNSPod gives a zone two to eight name servers. https://cloud.tencent.com/document/product/302/3863 */
const serversMax = 8;
/**
 * Records that share a name by weight are answered in turn: each server is queried this many times for the expected
 * one.
 */
const asksEach = 3;

/** The answer of an authoritative server: the values of the queried type; null = no usable answer. */
type AuthorityAnswer = { readonly server: string; readonly values: readonly string[] | null };

/** The port and the addresses at which authoritative servers are queried. */
type Reach = {
  readonly port: number;
  /** Third parties choose the name servers' addresses: only public addresses are queried. */
  readonly mayQuery: (address: string) => boolean;
};

const publicReach: Reach = { port: 53, mayQuery: isPublicAddress };

/**
 * Returns the name servers of the zone that contains a name: searches from the name upwards and returns the first that
 * has any.
 */
async function nameServers(
  resolver: Endpoint,
  name: string,
  deadline: AbortSignal,
): Promise<readonly string[]> {
  const labels = plainName(name).split('.');
  for (let from = 0; from < labels.length - 1; from += 1) {
    const { answers } = await ask(resolver, labels.slice(from).join('.'), 'NS', { deadline });
    const servers = answers.filter(({ type }) => type === 'NS').map(({ data }) => plainName(data));
    if (servers.length > 0) return servers.slice(0, serversMax);
  }
  return [];
}

/**
 * Queries all authoritative servers of a name's zone for the record that a probe expects: a resolver may have it from
 * one of them while others still answer the old one.
 * @param resolver knows which servers these are, and their addresses
 */
export async function queryAuthorities(
  resolver: Endpoint,
  { name, type, expect }: DnsProbe,
  deadline: AbortSignal,
  { port, mayQuery }: Reach = publicReach,
): Promise<readonly AuthorityAnswer[]> {
  const expected = plainValue(type, expect.value);

  async function queryOne(server: string): Promise<AuthorityAnswer> {
    try {
      const { answers } = await ask(resolver, server, 'A', { deadline });
      const host = answers.find((answer) => answer.type === 'A')?.data;
      if (host === undefined || !mayQuery(host)) return { server, values: null };
      for (let asked = 1; ; asked += 1) {
        const reply = await ask({ host, port }, name, type, { recursion: false, deadline });
        if (reply.rcode !== 'NOERROR' && reply.rcode !== 'NXDOMAIN') return { server, values: null };
        const values = reply.answers
          .filter((answer) => answer.type === type)
          .map(({ data }) => plainValue(type, data));
        if (values.includes(expected) || asked >= asksEach) return { server, values };
      }
    } catch {
      // An unreachable server is no evidence against the record; the answers of the other servers count.
      return { server, values: null };
    }
  }

  return Promise.all((await nameServers(resolver, name, deadline)).map(queryOne));
}

/** Several servers may each be silent for some seconds. */
const deadlineMs = 15_000;

/** Returns why the reply is not what the probe expects; null when it is. */
function shortfall(probe: DnsProbe, reply: DnsReply): string | null {
  if (reply.rcode !== 'NOERROR') return `the resolver answered ${reply.rcode}`;
  const values = reply.answers
    .filter((answer) => answer.type === probe.type)
    .map(({ data }) => plainValue(probe.type, data));
  if (values.includes(plainValue(probe.type, probe.expect.value))) return null;
  const found = values.length === 0 ? `no ${probe.type} record` : values.join(', ');
  return `expected ${probe.expect.value}, found ${found}`;
}

/** Returns how the authoritative servers' answers contradict the expected value, or null. */
function contradiction({ type, expect }: DnsProbe, answers: readonly AuthorityAnswer[]): string | null {
  const other = answers.find(
    ({ values }) => values !== null && !values.includes(plainValue(type, expect.value)),
  );
  if (other === undefined) return null;
  const found = other.values?.length ? other.values.join(', ') : `no ${type} record`;
  return `the resolver has it, but the name server ${other.server} does not yet: expected ${expect.value}, found ${found}`;
}

function shown(answers: readonly AuthorityAnswer[]): string {
  if (answers.length === 0) return '\nname servers: none found';
  const told = answers.map(
    ({ server, values }) => `${server} ${values?.join(', ') || (values ? 'no record' : 'no answer')}`,
  );
  return `\nname servers: ${told.join('; ')}`;
}

/**
 * Queries the connection's resolver for a name and compares the answer, then all authoritative servers of its zone:
 * each that responds must have the value. If none is reachable, only the resolver's answer counts, and the result
 * reports that. Timeouts and errors are results, too.
 * @param reach where authoritative servers are queried; by default at port 53 of public addresses
 */
export async function probeDns(
  probe: DnsProbe,
  { dns, vipNetwork }: Pick<CloudConnection, 'dns' | 'vipNetwork'>,
  reach?: Reach,
): Promise<ProbeAnswer> {
  let address = dns ?? '';
  const startedAt = performance.now();
  const latencyMs = () => Math.round(performance.now() - startedAt);
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    const resolver = dns === null ? systemResolver() : parseResolver(dns);
    address = `${resolver.host}:${resolver.port}`;
    const reply = await ask(resolver, probe.name, probe.type, { deadline });
    let failure = shortfall(probe, reply);
    let body = reply.answers.map(({ name, type, data, ttl }) => `${name} ${ttl} ${type} ${data}`).join('\n');
    // A sandbox's resolver is the authoritative server of its zones.
    if (failure === null && vipNetwork === null) {
      const authorities = await queryAuthorities(resolver, probe, deadline, reach).catch(() => []);
      failure = contradiction(probe, authorities);
      body += shown(authorities);
    }
    // The resolver could not reach an authoritative server.
    const silence = reply.rcode === 'SERVFAIL' ? ({ unanswered: true } as const) : {};
    const passed = failure === null;
    return { passed, latencyMs: latencyMs(), status: reply.rcode, address, body, failure, ...silence };
  } catch (cause) {
    const failure = cause instanceof Error ? cause.message : String(cause);
    const silence = isSilence(cause) ? ({ unanswered: true } as const) : {};
    return { passed: false, latencyMs: latencyMs(), status: null, address, body: '', failure, ...silence };
  }
}
