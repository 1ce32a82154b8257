import { pino } from 'pino';
import { SecretStore } from '@/lib/sandbox/world/secret-store';
import type { World } from '@/lib/sandbox/world/world';
import { WorldStore } from '@/lib/sandbox/world/world-store';

/** Creates a store of sandbox data for tests that call no API: its keys are unused. */
export function testStore(world: World): WorldStore {
  const secrets = new SecretStore({ file: null, isFixed: true, log: pino({ level: 'silent' }) });
  return new WorldStore(world, secrets);
}
