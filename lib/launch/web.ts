import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import next from 'next';
import { noteLauncherReport } from '@/lib/server/launcher-report';
import { webChanges } from '@/lib/server/web-changes';
import { parseSettings } from '@/lib/settings';
import { startTracing } from '@/lib/start-tracing';
import { contentSecurityPolicy } from './content-security-policy';
import { hostAllowed } from './host-allowed';
import { onStop, reportReady } from './launched';

const settings = parseSettings(process.env);
if (!settings.ok) throw new Error(settings.error.join('\n'));
const port = settings.value.PORT;
// Without, Next would take the one of the build, and that one is no secret (build.mjs).
if (settings.value.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY === undefined)
  throw new Error('NEXT_SERVER_ACTIONS_ENCRYPTION_KEY is missing; the launcher gives it');

process.on('message', noteLauncherReport);
const server = createServer();
const app = next({ dev: false, hostname: '127.0.0.1', port, httpServer: server });
const stopTracing = await startTracing('spillway-web', settings.value.OTEL_EXPORTER_OTLP_ENDPOINT);
onStop(async () => {
  const closed = new Promise((resolve) => server.close(resolve));
  // Streams of changes never end by themselves; browsers come back to them when the server does.
  webChanges().close();
  // Kept connections have nothing more to say; live reads ask again when the server is back.
  server.closeIdleConnections();
  await closed;
  await app.close();
  await stopTracing();
});
await app.prepare();
const handle = app.getRequestHandler();

server.on('request', (request, response) => {
  // An answer that ends while the server stops leaves a kept connection behind, which would hold the stop up.
  response.once('close', () => {
    if (!server.listening) server.closeIdleConnections();
  });
  if (!hostAllowed(request.headers.host)) {
    response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8' });
    response.end(`Spillway answers on this machine only: open http://127.0.0.1:${port}\n`);
    return;
  }
  // Next reads the nonce from the request's policy and puts it on its scripts.
  const policy = contentSecurityPolicy(randomBytes(16).toString('base64'));
  request.headers['content-security-policy'] = policy;
  response.setHeader('Content-Security-Policy', policy);
  void handle(request, response);
});
server.listen(port, '127.0.0.1', () => reportReady({ port }));
