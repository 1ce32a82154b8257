import { pino } from 'pino';
import { SecretStore } from './state/secret-store';
import { WorldStore } from './state/world-store';
import type { World } from './world/world';

/** Creates a store of sandbox data for tests that call no API: its keys are unused. */
export function testStore(world: World): WorldStore {
  const secrets = new SecretStore({ file: null, isFixed: true, log: pino({ level: 'silent' }) });
  return new WorldStore(world, secrets);
}
