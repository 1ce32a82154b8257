import http from 'node:http';
import https from 'node:https';
import { rootCertificates } from 'node:tls';
import type { CloudConnection } from '@/lib/cloud/connection';
import { CloudError } from '@/lib/cloud/errors';
import type { AddressOwner } from '@/lib/cloud/port';
import { type Matchable, siteAnswering } from '@/lib/estate/match-rule';
import type { HttpProbe, ProbeAnswer } from '@/lib/estate/probe';
import { shorten } from '@/lib/shorten';
import { type AddressOwners, findDestination } from './destination';
import { isSilence } from './silence';

const timeoutMs = 10_000;
/** Far above the size of any expected text; a probe is not a download. */
const bodyBytesMax = 1_000_000;
const bodyCharsShown = 2000;

type HttpReply = { readonly status: number; readonly body: string };

/** Sends one GET on its own connection. Redirects count as responses: they are not followed. */
function get(
  probe: HttpProbe,
  { host, port, authority }: { host: string; port: number; authority: string | null },
  timeout: AbortSignal,
): Promise<HttpReply> {
  const { request } = probe.scheme === 'https' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request({
      host,
      port,
      path: probe.path,
      method: 'GET',
      headers: { Host: probe.host, 'User-Agent': 'spillway-probe', Connection: 'close' },
      agent: false,
      signal: timeout,
      ...(probe.scheme === 'https' ? { servername: probe.host } : {}),
      ...(authority === null ? {} : { ca: [...rootCertificates, authority] }),
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const finish = () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      };
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes < bodyBytesMax) return;
        finish();
        sent.destroy();
      });
      response.on('end', finish);
      response.on('error', reject);
    });
    sent.end();
  });
}

/** Returns why the response is not what the probe expects; null when it is. */
function shortfall({ expect }: HttpProbe, reply: HttpReply): string | null {
  if (reply.status !== expect.status) return `expected status ${expect.status}, found ${reply.status}`;
  if (expect.bodyContains !== null && !reply.body.includes(expect.bodyContains)) {
    return 'the body does not contain the expected text';
  }
  return null;
}

/** Returns the rules at a port of a load balancer: see `portRules` of the cloud. */
export type PortRules = (
  owner: AddressOwner,
  port: number,
  isFresh: boolean,
) => Promise<readonly Matchable[] | null>;

/**
 * Returns why the response is another site's: the listener has no rule for the host, so that its default domain has
 * answered. Rules that may be outdated are read again before they fail a probe; where they can't be read, the response
 * itself is all that is known.
 */
async function findOtherSite(
  { host, port }: HttpProbe,
  owner: AddressOwner,
  rulesAt: PortRules,
): Promise<string | null> {
  const isOther = async (isFresh: boolean) => {
    const rules = await rulesAt(owner, port, isFresh);
    return rules !== null && siteAnswering(rules, host) === 'other';
  };
  try {
    if (!(await isOther(false)) || !(await isOther(true))) return null;
  } catch (error) {
    if (error instanceof CloudError) return null;
    throw error;
  }
  return `another site answered: ${owner.id} has no rule for ${host} at port ${port}`;
}

/**
 * Sends one request through a load balancer's address with the probe's Host header and compares status and body.
 * Certificates are verified for that host, and a response that the listener's rules leave to another site has failed. A
 * failed connection is a result too, and so is an address that may not be
 * connected to.
 */
export async function probeHttp(
  probe: HttpProbe,
  connection: Pick<
    CloudConnection,
    'dns' | 'resolvers' | 'vipNetwork' | 'portOffset' | 'addresses' | 'authority'
  >,
  ownerOf: AddressOwners,
  rulesAt: PortRules,
): Promise<ProbeAnswer> {
  const startedAt = performance.now();
  const latencyMs = () => Math.round(performance.now() - startedAt);
  const deadline = AbortSignal.timeout(timeoutMs);
  let address = `${probe.address}:${probe.port}`;
  try {
    const { dial, owner } = await withinDeadline(
      findDestination(probe, connection, ownerOf, deadline),
      deadline,
    );
    const { host, port } = dial;
    address = `${host}:${port}`;
    const reply = await get(probe, { host, port, authority: connection.authority }, deadline);
    const answeredMs = latencyMs();
    const failure =
      shortfall(probe, reply) ?? (await withinDeadline(findOtherSite(probe, owner, rulesAt), deadline));
    return {
      passed: failure === null,
      latencyMs: answeredMs,
      status: String(reply.status),
      address,
      body: shorten(reply.body, bodyCharsShown),
      failure,
    };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const failure = deadline.aborted ? `no answer within ${timeoutMs / 1000} s` : reason;
    const silence = deadline.aborted || isSilence(cause) ? ({ unanswered: true } as const) : {};
    return { passed: false, latencyMs: latencyMs(), status: null, address, body: '', failure, ...silence };
  }
}

/** Limits the wait for name servers and the cloud to the time that the probe waits for a response. */
function withinDeadline<T>(work: Promise<T>, deadline: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(deadline.reason);
    deadline.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => deadline.removeEventListener('abort', onAbort));
  });
}
