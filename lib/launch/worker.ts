import { fileURLToPath } from 'node:url';
import { startTracing } from '@/lib/log/start-tracing';
import { parseSettings } from '@/lib/settings';
import { startWorker } from '@/lib/worker/start-worker';
import { onStop, reportReady } from './launched';

const settings = parseSettings(process.env);
if (!settings.ok) throw new Error(settings.error.join('\n'));

onStop(await startTracing('spillway-worker', settings.value.OTEL_EXPORTER_OTLP_ENDPOINT));
const rehearsalProgram = fileURLToPath(new URL('rehearsal.mjs', import.meta.url));
await startWorker(settings.value, process.env, { rehearsalProgram });
reportReady();
