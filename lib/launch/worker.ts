import { startWorker } from '@/lib/server/worker/start-worker';
import { parseSettings } from '@/lib/settings';
import { startTracing } from '@/lib/start-tracing';
import { onStop, reportReady } from './launched';

const settings = parseSettings(process.env);
if (!settings.ok) throw new Error(settings.error.join('\n'));

onStop(await startTracing('spillway-worker', settings.value.OTEL_EXPORTER_OTLP_ENDPOINT));
await startWorker(settings.value, process.env);
reportReady();
