import { type Endpoint, isPublicAddress } from '@/lib/estate/address';
import type { DnsProbe } from '@/lib/estate/probe';
import { ask, plainName, plainValue } from './resolver';

/** DNSPod gives a zone two to eight name servers. https://cloud.tencent.com/document/product/302/3863 */
const serversMax = 8;
/**
 * Records that share a name by weight are answered in turn: each server is queried this many times for the expected
 * one.
 */
const asksEach = 3;

/** The answer of an authoritative server: the values of the queried type; null = no usable answer. */
export type AuthorityAnswer = { readonly server: string; readonly values: readonly string[] | null };

/** The port and the addresses at which authoritative servers are queried. */
export type Reach = {
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
