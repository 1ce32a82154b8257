import { startWorker } from '@/lib/server/worker/start-worker';
import { parseSettings } from '@/lib/settings';
import { onStop, reportReady } from './launched';

const settings = parseSettings(process.env);
if (!settings.ok) throw new Error(settings.error.join('\n'));

onStop(async () => undefined);
await startWorker(settings.value, process.env);
reportReady();
