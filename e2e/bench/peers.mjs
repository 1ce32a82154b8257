/**
 * The peers that the sandbox is measured against, as a separate program: a server that responds to every API call with
 * the same JSON, and a plain reverse proxy on Node's `http` with its backend in the same process, as in the sandbox.
 */
import { Agent, createServer, request as send } from 'node:http';

const answer = JSON.stringify({
  Response: { TotalCount: 0, LoadBalancerSet: [], RequestId: '00000000-0000-0000-0000-000000000000' },
});

const api = createServer((request, response) => {
  request.resume();
  request.on('end', () => response.writeHead(200, { 'Content-Type': 'application/json' }).end(answer));
});

/** The response of an instance of the sandbox, in size and headers. */
const page = Buffer.from(`{"instanceId":"ins-1","padding":"${'x'.repeat(300)}"}\n`);
const backend = createServer((request, response) => {
  request.resume();
  request.on('end', () =>
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': page.length }).end(page),
  );
});

const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const proxy = createServer((request, response) => {
  const { port } = backend.address();
  const forwarded = send(
    { host: '127.0.0.1', port, method: request.method, path: request.url, headers: request.headers, agent },
    (reply) => {
      response.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
      reply.pipe(response);
    },
  );
  forwarded.on('error', () => response.destroy());
  request.pipe(forwarded);
});

const listening = (server) =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address().port)));
// With addresses of a sandbox's instances as arguments, it acts as those instances: a separate program behind the load
// balancer.
for (const host of process.argv.slice(2)) createServer(backend.listeners('request')[0]).listen(8080, host);
const ports = {
  api: await listening(api),
  backend: await listening(backend),
  proxy: await listening(proxy),
};
process.stdout.write(`${JSON.stringify(ports)}\n`);
process.on('SIGTERM', () => process.exit(0));
