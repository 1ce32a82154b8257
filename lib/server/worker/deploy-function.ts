import { eq } from 'drizzle-orm';
import { CloudError } from '@/lib/cloud/errors';
import type { Cloud } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { deployments } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { addFunction } from './add-function';

/** Carries out a deployment that the web process stored, noting each stage and how it ended. */
export async function deployStoredFunction(
  db: Database,
  cloudOf: (connectionId: string) => Cloud,
  deploymentId: string,
): Promise<void> {
  const [deployment] = await db.select().from(deployments).where(eq(deployments.id, deploymentId));
  invariant(deployment !== undefined, `deployment ${deploymentId} was stored before it was enqueued`);
  const set = async (values: Partial<typeof deployments.$inferInsert>): Promise<void> => {
    await db.update(deployments).set(values).where(eq(deployments.id, deploymentId));
  };
  let stages: Promise<void> = Promise.resolve();
  try {
    const cloud = cloudOf(deployment.connectionId);
    const { version } = await cloud.deployFunction(deployment.spec, deploymentId, (stage) => {
      stages = stages.then(() => set({ stage }));
    });
    await stages;
    const deployed = await cloud.getFunction(deployment.spec);
    if (deployed !== null) await addFunction(db, deployment.connectionId, deployed);
    await set({ state: 'done', version });
  } catch (error) {
    await stages;
    if (!(error instanceof CloudError)) throw error;
    await set({ state: 'failed', error: error.data });
  }
}
