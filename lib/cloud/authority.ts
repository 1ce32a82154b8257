import { type Endpoint, isPublicAddress } from '@/lib/estate/address';
import type { DnsProbe } from '@/lib/estate/probe';
import { ask, plainName, plainValue } from './resolver';

/** DNSPod gives a zone two to eight name servers. https://cloud.tencent.com/document/product/302/3863 */
const serversMax = 8;
/** Records that share a name by weight are answered in turn: a server is asked this often for the one expected. */
const asksEach = 3;

/** What an authoritative server said: the values of the type that was asked for; null = nothing that can be used. */
export type AuthorityAnswer = { readonly server: string; readonly values: readonly string[] | null };

/** Where authoritative servers are asked. */
export type Reach = {
  readonly port: number;
  /** Name servers are named by others: only public addresses are asked. */
  readonly mayAsk: (address: string) => boolean;
};

const publicReach: Reach = { port: 53, mayAsk: isPublicAddress };

/** The name servers of the zone that a name is in: from the name on upwards, the first that has any. */
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
 * Asks all authoritative servers of a name's zone for the record that a probe expects: a resolver may have it from one of them while
 * others still answer the old one.
 * @param resolver knows which servers these are, and where
 */
export async function askAuthorities(
  resolver: Endpoint,
  { name, type, expect }: DnsProbe,
  deadline: AbortSignal,
  { port, mayAsk }: Reach = publicReach,
): Promise<readonly AuthorityAnswer[]> {
  const expected = plainValue(type, expect.value);

  async function askOne(server: string): Promise<AuthorityAnswer> {
    try {
      const { answers } = await ask(resolver, server, 'A', { deadline });
      const host = answers.find((answer) => answer.type === 'A')?.data;
      if (host === undefined || !mayAsk(host)) return { server, values: null };
      for (let asked = 1; ; asked += 1) {
        const reply = await ask({ host, port }, name, type, { recursion: false, deadline });
        if (reply.rcode !== 'NOERROR' && reply.rcode !== 'NXDOMAIN') return { server, values: null };
        const values = reply.answers
          .filter((answer) => answer.type === type)
          .map(({ data }) => plainValue(type, data));
        if (values.includes(expected) || asked >= asksEach) return { server, values };
      }
    } catch {
      // One that is away says nothing against the record: what the others say counts.
      return { server, values: null };
    }
  }

  return Promise.all((await nameServers(resolver, name, deadline)).map(askOne));
}
