import 'server-only';
import { checkReady, type Readiness } from './check-ready';
import { serverContext } from './context';
import { webProcess } from './web-process';

/** Whether work gets done, and if not, why. Answers within seconds, whatever the database does. */
export function getHealth(): Promise<Readiness> {
  return checkReady(
    async () => (await serverContext()).database.db,
    (err) => webProcess().log.warn({ err }, 'not ready: the database could not be asked'),
  );
}
