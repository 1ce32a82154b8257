import { eq } from 'drizzle-orm';
import type { Cloud } from '@/lib/cloud/port';
import type { Database } from '@/lib/db/database';
import { reconnecting } from '@/lib/db/reconnecting';
import { deployments } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { toJobError } from '@/lib/worker/loop/job-error';
import { newestOnly } from '@/lib/worker/loop/newest-only';
import { confirmFunctionWrite } from './confirm-function-write';
import { storeFunction } from './store-function';

export type DeployDeps = {
  readonly db: Database;
  readonly cloudOf: (connectionId: string) => Cloud;
  /** The retention of a connection's history. */
  readonly historyDays: number;
  /** Called with errors other than the cloud's rejection of the deployment, with their stack. */
  readonly onError: (error: unknown, deploymentId: string) => void;
};

type Deployment = typeof deployments.$inferSelect;

/** Adds the function's current state to the newest snapshot. The deployment is complete even if that fails. */
async function showDeployed(deps: DeployDeps, { id, connectionId, spec }: Deployment): Promise<void> {
  try {
    const deployed = await deps.cloudOf(connectionId).getFunction(spec);
    if (deployed !== null)
      await reconnecting(() => storeFunction(deps.db, connectionId, deployed, deployed, deps.historyDays));
  } catch (error) {
    deps.onError(error, id);
  }
}

/** Executes a deployment that the web process stored, and records each stage and the end in every case. */
export async function deployStoredFunction(deps: DeployDeps, deploymentId: string): Promise<void> {
  const { db, cloudOf } = deps;
  const onError = (error: unknown) => deps.onError(error, deploymentId);
  const set = async (values: Partial<typeof deployments.$inferInsert>): Promise<void> => {
    await reconnecting(() => db.update(deployments).set(values).where(eq(deployments.id, deploymentId)));
  };
  const [deployment] = await reconnecting(() =>
    db.select().from(deployments).where(eq(deployments.id, deploymentId)),
  );
  invariant(deployment !== undefined, `deployment ${deploymentId} was stored before it was enqueued`);
  const { connectionId, spec } = deployment;
  const stages = newestOnly<NonNullable<Deployment['stage']>>((stage) => set({ stage }), onError);
  try {
    await confirmFunctionWrite(db, { connectionId, id: spec, change: null, action: 'DeployFunction' });
    const { version } = await cloudOf(connectionId).deployFunction(spec, deploymentId, stages.push);
    await stages.settled();
    await showDeployed(deps, deployment);
    await set({ state: 'done', version });
  } catch (error) {
    await stages.settled();
    const data = toJobError(error, {
      action: 'DeployFunction',
      region: spec.region,
      mayHaveHappened: true,
      whatToDo: `Refresh the estate to see whether ${spec.name} is there, then deploy it again.`,
    });
    if (data.code === 'Internal') onError(error);
    await set({ state: 'failed', error: data });
  }
}
