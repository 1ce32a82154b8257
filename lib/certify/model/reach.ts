import { Resolver } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import { createDial, type Dial } from '@/lib/cloud/probe/dial';
import type { ReachAnswer, ReachWay, WriteContext } from './probe';

type Reach = Pick<WriteContext, 'get' | 'resolve'>;
type ReachOptions = Parameters<typeof createDial>[0] & {
  /** The name server of a sandbox as `ip:port`; null = the zone's own. */
  readonly dns: string | null;
};

const usualTimeoutMs = 30_000;
const bodyMaxBytes = 64 * 1024;

/** Returns how probes reach load balancers and name servers: a sandbox's are dialled at their real addresses. */
export function createReach(options: ReachOptions): Reach {
  let servers: Promise<readonly string[]> | null = null;
  return {
    get: async (vip, path, headers, way = {}) =>
      get(await createDial(options, vip, way.tlsPort ?? 80), path, headers, way),
    async resolve(name, zone) {
      servers ??= options.dns === null ? nameServers(zone) : Promise.resolve([options.dns]);
      const resolver = new Resolver({ timeout: 2000, tries: 2 });
      resolver.setServers([...(await servers)]);
      try {
        return await resolver.resolve4(name);
      } catch (error) {
        if (
          error instanceof Error &&
          'code' in error &&
          (error.code === 'ENOTFOUND' || error.code === 'ENODATA')
        ) {
          return [];
        }
        throw error;
      }
    },
  };
}

async function nameServers(zone: string): Promise<readonly string[]> {
  const resolver = new Resolver({ timeout: 5000, tries: 2 });
  const names = await resolver.resolveNs(zone);
  const found = await Promise.allSettled(names.map((name) => resolver.resolve4(name)));
  const addresses = found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  if (addresses.length === 0) throw new Error(`no name server of ${zone} has an address`);
  return addresses;
}

/** Returns the names of cookies: https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1 */
function cookieNames(lines: readonly string[] = []): readonly string[] {
  return lines.map((line) => line.split('=', 1)[0]?.trim() ?? '').filter((name) => name !== '');
}

function get(
  dial: Dial,
  path: string,
  headers: Readonly<Record<string, string>>,
  { tlsPort, agent, timeoutMs = usualTimeoutMs }: ReachWay,
): Promise<ReachAnswer> {
  return new Promise((resolve, reject) => {
    const options = { ...dial, path, headers, agent: agent ?? false, timeout: timeoutMs };
    const received = (response: http.IncomingMessage) => {
      const chunks: Buffer[] = [];
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > bodyMaxBytes) request.destroy(new Error(`the answer of ${dial.host}${path} is too large`));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString(),
          cookies: cookieNames(response.headers['set-cookie']),
          reused: request.reusedSocket,
        }),
      );
    };
    const request =
      tlsPort === undefined
        ? http.get(options, received)
        : // The probe reads only a status of a load balancer that certify has created.
          https.get({ ...options, servername: headers.host ?? '', rejectUnauthorized: false }, received);
    request.on('timeout', () =>
      request.destroy(new Error(`no answer from ${dial.host}:${dial.port} in ${timeoutMs / 1000} s`)),
    );
    request.on('error', reject);
  });
}
