import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { v20190116 as cam } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cam/v20190116/index.js';
import { v20180317 as clb } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/index.js';
import { v20190319 as cloudaudit } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cloudaudit/v20190319/index.js';
import { v20170312 as cvm } from 'tencentcloud-sdk-nodejs/tencentcloud/services/cvm/v20170312/index.js';
import { v20210323 as dnspod } from 'tencentcloud-sdk-nodejs/tencentcloud/services/dnspod/v20210323/index.js';
import { v20231024 as igtm } from 'tencentcloud-sdk-nodejs/tencentcloud/services/igtm/v20231024/index.js';
import { v20180724 as monitor } from 'tencentcloud-sdk-nodejs/tencentcloud/services/monitor/v20180724/index.js';
import { v20180416 as scf } from 'tencentcloud-sdk-nodejs/tencentcloud/services/scf/v20180416/index.js';
import { v20191205 as ssl } from 'tencentcloud-sdk-nodejs/tencentcloud/services/ssl/v20191205/index.js';
import { v20180813 as sts } from 'tencentcloud-sdk-nodejs/tencentcloud/services/sts/v20180813/index.js';
import { v20170312 as vpc } from 'tencentcloud-sdk-nodejs/tencentcloud/services/vpc/v20170312/index.js';
import type { CloudConnection } from '@/lib/cloud/connection';
import { type CloudKeys, fixedKeys } from '@/lib/cloud/keys';
import type { Service } from '@/lib/cloud/rates';
import { endpointHost } from './endpoint-host';

const constructors = {
  clb: clb.Client,
  scf: scf.Client,
  cvm: cvm.Client,
  vpc: vpc.Client,
  dnspod: dnspod.Client,
  sts: sts.Client,
  monitor: monitor.Client,
  ssl: ssl.Client,
  cam: cam.Client,
  cloudaudit: cloudaudit.Client,
  igtm: igtm.Client,
};

export type Clients = { [S in Service]: InstanceType<(typeof constructors)[S]> };

export type ActionOf<S extends Service> = Exclude<keyof Clients[S], 'request' | symbol | number> & string;

export type RequestOf<S extends Service, A extends ActionOf<S>> = Clients[S][A] extends (
  request: infer Request,
  ...rest: never
) => unknown
  ? Request
  : never;

export type AnswerOf<S extends Service, A extends ActionOf<S>> = Clients[S][A] extends (
  ...all: never
) => Promise<infer Answer>
  ? Answer
  : never;

/** The kinds of calls that need different settings on the wire. */
export type Use = 'read' | 'write' | 'invoke';

/** The cloud ends a synchronous function call after 300 s: https://cloud.tencent.com/document/api/583/17243 */
const timeoutS: Readonly<Record<Use, number>> = { read: 15, write: 60, invoke: 310 };

/**
 * Sockets of reads are kept alive, but closed after this idle time, well before servers and firewalls drop them. Node's
 * own servers close after 5 s.
 */
const idleMs = 4000;
/**
 * The free sockets that are kept: as many as a sync of a large account has calls in flight. With fewer, most calls would
 * open a connection of their own, with its handshake.
 */
const maxFreeSockets = 32;

/**
 * The time limit for establishing a connection. A network that drops packets gives no error: the kernel would retry
 * after 1, 3, 7 and 15 s, and the cloud's recovery would be noticed that much later. This allows for one lost packet
 * and its retransmission. https://datatracker.ietf.org/doc/html/rfc6298#section-2
 */
const connectWithinMs = 1500;

/**
 * Returns the agent, which from now on gives up connections that are not established soon, with the code of a failed
 * connection.
 */
export function connectingSoon(agent: http.Agent): http.Agent {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = connect(options, callback);
    if (!(socket instanceof net.Socket) || !socket.connecting) return socket;
    const timer = setTimeout(() => socket.destroy(new Error('connect ETIMEDOUT')), connectWithinMs);
    for (const event of ['connect', 'close'] as const) socket.once(event, () => clearTimeout(timer));
    return socket;
  };
  return agent;
}

/**
 * Creates the SDK's agents. Given one, the SDK ignores `http_proxy`. Calls with effects use a fresh connection each: on
 * a kept-alive one that the other side has just closed, a write would fail without showing whether it arrived.
 */
function createAgents(secure: boolean): Readonly<Record<Use, http.Agent>> {
  const Agent = secure ? https.Agent : http.Agent;
  const fresh = connectingSoon(new Agent({ keepAlive: false }));
  return {
    read: connectingSoon(new Agent({ keepAlive: true, timeout: idleMs, maxFreeSockets })),
    write: fresh,
    invoke: fresh,
  };
}

/**
 * Creates the provider of the SDK's clients of one connection, one for each service, region and use. Each call is signed
 * with the key of that moment.
 */
export function createClients(connection: CloudConnection, keys: CloudKeys = fixedKeys(connection)) {
  const endpoint = connection.endpoint === null ? null : new URL(connection.endpoint);
  const agents = createAgents(endpoint === null || endpoint.protocol === 'https:');
  const made = new Map<string, Clients[Service]>();
  return (service: Service, region: string | null, use: Use): Clients[Service] => {
    const key = `${service}/${region ?? ''}/${use}`;
    const known = made.get(key);
    if (known !== undefined) return known;
    const client = new constructors[service]({
      credential: { getCredential: () => keys.get(use === 'read' ? 'read' : 'write') },
      ...(region === null ? {} : { region }),
      profile: {
        language: connection.language,
        httpProfile: {
          agent: agents[use],
          reqTimeout: timeoutS[use],
          protocol: endpoint === null ? 'https://' : `${endpoint.protocol}//`,
          endpoint: endpoint === null ? endpointHost(connection, service, region) : endpoint.host,
        },
      },
    });
    made.set(key, client);
    return client;
  };
}
