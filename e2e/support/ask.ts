import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { request } from 'node:http';
import packet from 'dns-packet';
import type { Announcement } from '@/lib/sandbox/sandbox';

/** Asks a load balancer's address over HTTP with a Host header, by a client that knows nothing of the app. */
export async function askHttp(
  sandbox: Announcement,
  vip: string,
  host: string,
): Promise<{ status: number | undefined; body: string }> {
  const sent = request({
    host: vip,
    port: 80 + sandbox.portOffset,
    path: '/',
    headers: { host },
    agent: false,
  }).end();
  const [response] = await once(sent, 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, body };
}

/** Asks the sandbox's DNS server for the addresses of a name. */
export async function askDns(sandbox: Announcement, name: string): Promise<readonly string[]> {
  const [address, port] = sandbox.dns.split(':');
  const socket = createSocket('udp4');
  try {
    socket.send(
      packet.encode({ type: 'query', id: 1, questions: [{ type: 'A', name }] }),
      Number(port),
      address,
    );
    const [message] = await once(socket, 'message');
    const { answers = [] } = packet.decode(message);
    return answers.flatMap((answer) => (answer.type === 'A' ? [answer.data] : []));
  } finally {
    socket.close();
  }
}
