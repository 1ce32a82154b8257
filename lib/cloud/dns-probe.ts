import type { DnsProbe, ProbeAnswer } from '@/lib/estate/probe';
import { ask, type DnsReply, type Resolver } from './resolver';

/** DNS names compare without case and without the trailing dot. */
function plain(value: string): string {
  return value.toLowerCase().replace(/\.$/, '');
}

/** Why the reply is not what the probe expects; null when it is. */
function shortfall(probe: DnsProbe, reply: DnsReply): string | null {
  if (reply.rcode !== 'NOERROR') return `the resolver answered ${reply.rcode}`;
  const values = reply.answers.filter((answer) => answer.type === probe.type).map(({ data }) => plain(data));
  if (values.includes(plain(probe.expect.value))) return null;
  const found = values.length === 0 ? `no ${probe.type} record` : values.join(', ');
  return `expected ${probe.expect.value}, found ${found}`;
}

/** Asks the resolver for a name and compares; silence and errors are answers too. */
export async function probeDns(probe: DnsProbe, resolver: Resolver): Promise<ProbeAnswer> {
  const address = `${resolver.host}:${resolver.port}`;
  const startedAt = performance.now();
  const latencyMs = () => Math.round(performance.now() - startedAt);
  try {
    const reply = await ask(resolver, probe.name, probe.type);
    const failure = shortfall(probe, reply);
    const body = reply.answers
      .map(({ name, type, data, ttl }) => `${name} ${ttl} ${type} ${data}`)
      .join('\n');
    return { passed: failure === null, latencyMs: latencyMs(), status: reply.rcode, address, body, failure };
  } catch (cause) {
    const failure = cause instanceof Error ? cause.message : String(cause);
    return { passed: false, latencyMs: latencyMs(), status: null, address, body: '', failure };
  }
}
