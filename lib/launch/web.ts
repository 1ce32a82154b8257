import { createServer } from 'node:http';
import next from 'next';
import { startTracing } from '@/lib/log/start-tracing';
import { identifyRequest } from '@/lib/server/auth/find-actor';
import { identifyToken } from '@/lib/server/auth/identify-token';
import { webChanges } from '@/lib/server/feed/stream-changes';
import { storeLauncherReport } from '@/lib/server/operations/launcher-report';
import { parseSettings } from '@/lib/settings';
import { webProcess } from '@/lib/store/web-process';
import { onStop, reportReady } from './launched';
import { startWebServer, type WebServer } from './web/web-server';

const settings = parseSettings(process.env);
if (!settings.ok) throw new Error(settings.error.join('\n'));
const port = settings.value.PORT;
// Without it, Next would use the build's key, which is not secret (build.mjs).
if (settings.value.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY === undefined)
  throw new Error('NEXT_SERVER_ACTIONS_ENCRYPTION_KEY is missing; the launcher sets it');

process.on('message', storeLauncherReport);
// Next attaches its upgrade handler to this server, which never listens. `startWebServer` closes upgrade requests.
const app = next({ dev: false, hostname: '127.0.0.1', port, httpServer: createServer() });
const stopTracing = await startTracing('spillway-web', settings.value.OTEL_EXPORTER_OTLP_ENDPOINT);
let server: WebServer | undefined;
onStop(async () => {
  const stopped = server?.stop();
  // Change streams stay open until they are closed; browsers reconnect when the server is available again.
  webChanges().close();
  await stopped;
  await app.close();
  await stopTracing();
});
await app.prepare();
const hasSignIn = settings.value.SPILLWAY_SIGN_IN === 'on';
const { HOST, SPILLWAY_TLS_CERT: cert, SPILLWAY_TLS_KEY: key } = settings.value;
server = await startWebServer(
  {
    port,
    host: HOST,
    url: settings.value.SPILLWAY_URL,
    tls: cert !== undefined && key !== undefined ? { cert, key } : null,
    trustedProxies: settings.value.SPILLWAY_TRUSTED_PROXIES ?? [],
    report: (reason) => webProcess().log.error(reason),
  },
  app.getRequestHandler(),
  {},
  { token: identifyToken, ...(hasSignIn && { session: identifyRequest }) },
);
reportReady({ port });
