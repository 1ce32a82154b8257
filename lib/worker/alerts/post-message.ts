import { lookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { isIpAddress, isPublicAddress } from '@/lib/estate/address';
import type { ChannelAnswer, ChannelRequest } from './formats/channel-format';

const timeoutMs = 15_000;
/** Answers have a code or a word; the rest is not read. */
const answerBytesMax = 65_536;

/** The target of a channel is refused: trying again does not help. Its message names the host and the rule. */
export class RefusedTargetError extends Error {
  override readonly name = 'RefusedTargetError';
}

const refusal = (host: string, address: string) =>
  new RefusedTargetError(
    `${host === address ? host : `${host} (${address})`} is no public address; an administrator can allow the host with SPILLWAY_ALERT_PRIVATE_HOSTS`,
  );

/**
 * Resolves a name as the connection is made, and refuses it if any of its addresses is not public: what was checked is what is
 * connected to.
 */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return callback(error, '', 0);
    const wrong = found.find(({ address }) => !isPublicAddress(address));
    const [first] = found;
    if (wrong !== undefined) return callback(refusal(hostname, wrong.address), '', 0);
    if (first === undefined) return callback(new Error(`${hostname} has no address`), '', 0);
    return options.all === true ? callback(null, found) : callback(null, first.address, first.family);
  });
};

/**
 * Sends a message on its own connection. Redirects are answers: they are not followed. Proxies are not used.
 * @param privateHosts the hosts that may have any address, and may be reached without TLS
 * @throws RefusedTargetError if the target may not be connected to; Error if there is no answer within 15 s
 */
export function postMessage(
  { url, headers, body }: ChannelRequest,
  privateHosts: readonly string[],
): Promise<ChannelAnswer> {
  const { protocol, hostname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const isAllowed = privateHosts.includes(hostname);
  if (!isAllowed && isIpAddress(host) && !isPublicAddress(host)) throw refusal(host, host);
  if (!isAllowed && protocol !== 'https:') throw new RefusedTargetError(`${hostname} needs https`);
  const { request } = protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      headers: {
        ...headers,
        'User-Agent': 'spillway-alerts',
        'Content-Length': Buffer.byteLength(body),
        Connection: 'close',
      },
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      ...(isAllowed ? {} : { lookup: publicLookup }),
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const finish = () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes < answerBytesMax) return;
        finish();
        sent.destroy();
      });
      response.on('end', finish);
      response.on('error', reject);
    });
    sent.end(body);
  });
}
