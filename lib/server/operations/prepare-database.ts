import { grantRoles, type ProcessRoles } from '@/lib/db/grant-roles';
import { migrate } from '@/lib/db/migrate';
import { migrateEngine } from '@/lib/run/durable/migrate-engine';

/**
 * Migrates a database to this build's schema, including the engine's tables, and grants the roles of dashboard and
 * worker their rights. Idempotent and safe for concurrent launchers.
 * @param ownerUrl connects as the role that owns the tables
 * @param migrations the folder of the migrations
 * @param roles null = dashboard and worker connect as the owner, too
 */
export async function prepareDatabase(
  ownerUrl: string,
  migrations: string,
  roles: ProcessRoles | null,
): Promise<void> {
  await migrate(ownerUrl, migrations);
  await migrateEngine(ownerUrl);
  if (roles !== null) await grantRoles(ownerUrl, roles);
}
