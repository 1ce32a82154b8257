import 'server-only';
import { serverContext } from '@/lib/server/context';

/**
 * Returns how long clients keep a connection open, in seconds: plans created in the browser wait as long as those
 * stored here.
 */
export async function keepAliveS(): Promise<number> {
  const { settings } = await serverContext();
  return settings.SPILLWAY_KEEP_ALIVE_S;
}
