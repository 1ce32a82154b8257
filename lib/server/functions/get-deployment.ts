import 'server-only';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { DeploymentView } from '@/lib/contract/function';
import { deployments } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { query } from '@/lib/server/verb';
import { serverContext } from '@/lib/store/context';

/** Returns the progress of a deployment; null if it does not exist. */
export const getDeployment = query(
  'deployment.get',
  z.string(),
  (deploymentId) => ({ deployment: deploymentId }),
  async (deploymentId): Promise<DeploymentView | null> => {
    if (!z.uuid().safeParse(deploymentId).success) return null;
    const { database } = await serverContext();
    const [row] = await database.db.select().from(deployments).where(eq(deployments.id, deploymentId));
    if (row === undefined) return null;
    const { region, namespace, name } = row.spec;
    const about = { id: row.id, function: { region, namespace, name } };
    if (row.state === 'running') return { ...about, state: 'running', stage: row.stage };
    if (row.state === 'done') {
      invariant(row.version !== null, 'a finished deployment has a version');
      return { ...about, state: 'done', version: row.version };
    }
    invariant(row.error !== null, 'a failed deployment has an error');
    return { ...about, state: 'failed', error: row.error };
  },
);
