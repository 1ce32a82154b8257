import { pino } from 'pino';
import { SecretStore } from './state/secret-store';
import { WorldStore } from './state/world-store';
import type { World } from './world/world';

/** A store of a world for tests that call no API: its keys are nobody's. */
export function testStore(world: World): WorldStore {
  const secrets = new SecretStore({ file: null, isFixed: true, log: pino({ level: 'silent' }) });
  return new WorldStore(world, secrets);
}
