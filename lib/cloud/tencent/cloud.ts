import type { CloudConnection } from '../connection';
import { type CloudDeps, realSleep } from '../deps';
import type { Cloud } from '../port';
import { WriteQueue } from '../write-queue';
import { createAddressOwner } from './address-owner';
import { createCaller } from './call/caller';
import { TaskPace } from './call/task-pace';
import { taskBoundMs, waitForTask } from './clb/wait-for-task';
import { auditRegion, listAuditedWrites } from './cloudaudit/api';
import { deployToCloud } from './deploy-function';
import { createMeasure } from './measure';
import { readChanges } from './read-changes';
import { readEstate } from './read-estate';
import { findProvisioned } from './read-made';
import { createReadObject } from './read-object';
import { invokeFunction } from './scf/invoke';
import { readFunction } from './scf/read-function';
import { type HeldTurns, sendWrite } from './write';

/**
 * Tencent Cloud, or anything that speaks its API, behind the `Cloud` port.
 * The queue of writes belongs to the object made here, and so do the rate limits unless `deps.rates` has them: make one per
 * connection and process, not one per run, or they cannot do their work.
 */
export function createTencentCloud(connection: CloudConnection, deps: CloudDeps): Cloud {
  const caller = createCaller(connection, deps);
  const queue = new WriteQueue(taskBoundMs * 1.5);
  const heldTurns: HeldTurns = new Map();
  const pace = new TaskPace();
  const waiting = {
    now: deps.now,
    sleep: deps.sleep ?? realSleep,
    random: deps.random ?? Math.random,
  };
  return {
    readEstate: (onProgress, rank = 'asked') => readEstate(connection, caller, deps.now, onProgress, rank),
    readChanges: (known, watched) => readChanges(connection, caller, deps.now, known, watched),
    read: createReadObject(caller, deps.now),
    write: (call, isUnchanged) => sendWrite(caller, queue, heldTurns, call, isUnchanged),
    async wait(receipt) {
      const { taskId } = receipt;
      if (taskId === null) return;
      try {
        await waitForTask(caller, { ...receipt, taskId }, waiting, pace);
      } finally {
        heldTurns.get(taskId)?.();
        heldTurns.delete(taskId);
      }
    },
    deployFunction: (spec, id, onProgress) => deployToCloud(caller, spec, id, onProgress, waiting),
    addressOwner: createAddressOwner(caller, connection.regions, deps.now),
    readyInstances: async (of) => (await findProvisioned(caller, of)).ready,
    getFunction: (key) => readFunction(caller, key),
    invoke: (address, event) => invokeFunction(caller, address, event, waiting),
    ...createMeasure(caller, deps),
    auditTrail: (span) =>
      listAuditedWrites(caller, auditRegion(connection.regions), span, deps.now().getTime()),
  };
}
