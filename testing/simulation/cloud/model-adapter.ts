import type { Cloud } from '@/lib/cloud/port';
import type { Caller } from '@/lib/cloud/tencent/call/caller';
import { taskBoundMs, waitForTask } from '@/lib/cloud/tencent/clb/wait-for-task';
import { type HeldTurns, sendWrite } from '@/lib/cloud/tencent/write';
import { toCloudError } from '@/lib/cloud/to-cloud-error';
import { WriteQueue } from '@/lib/cloud/write-queue';
import type { WriteCall } from '@/lib/estate/call';
import { invariant } from '@/lib/invariant';
import type { ModelCloud } from './model-cloud';

/** The part of the model that the adapter uses. */
export type Modelled = Pick<ModelCloud, 'clock' | 'read' | 'write' | 'taskOf' | 'inside' | 'createdBy'>;

const taskStatus = { running: 2, done: 0, failed: 1 } as const;

/** Creates the adapter's caller: the model instead of HTTP. Errors of the model are classified like the SDK's. */
function modelCaller(cloud: Modelled, fence: number): Caller {
  const caller: Caller = {
    async read({ service, action, params }, convert) {
      const isTask = service === 'clb' && action === 'DescribeTaskStatus';
      invariant(isTask && params !== null && typeof params === 'object', 'only tasks are read this way');
      const { state, message } = cloud.taskOf(String('TaskId' in params && params.TaskId));
      // The response's type follows from the action.
      return convert({ Status: taskStatus[state], Message: message, RequestId: 'q-task' } as never);
    },
    async write(request, convert, beforeSend = async () => {}) {
      await beforeSend();
      const { action, region } = request;
      try {
        const RequestId = await cloud.write(request as WriteCall, fence);
        const made = cloud.createdBy(RequestId);
        return convert({ RequestId, ...(made === undefined ? {} : { LoadBalancerIds: [made] }) });
      } catch (cause) {
        throw toCloudError(cause, { action, region, isWrite: true, secrets: [] });
      }
    },
    counting: () => caller,
  };
  return caller;
}

/**
 * Creates the real adapter's writing and waiting over the model cloud; objects are read directly from the model. Its
 * write queue belongs to one process: create one per process.
 */
export function modelAdapter(cloud: Modelled, fence: number): Pick<Cloud, 'read' | 'write' | 'wait'> {
  const { clock } = cloud;
  const caller = modelCaller(cloud, fence);
  const queue = new WriteQueue(taskBoundMs * 1.5);
  const heldTurns: HeldTurns = new Map();
  const waiting = {
    now: () => clock.now(),
    sleep: (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve)),
    random: () => 0.5,
  };
  return {
    read: (ref) => cloud.read(ref, fence),
    write: (call, isUnchanged) =>
      sendWrite(caller, queue, heldTurns, call, isUnchanged, (deleted) => cloud.inside(deleted)),
    async wait(receipt) {
      const { taskId } = receipt;
      if (taskId === null) return;
      try {
        await waitForTask(caller, { ...receipt, taskId }, waiting);
      } finally {
        heldTurns.get(taskId)?.();
        heldTurns.delete(taskId);
      }
    },
  };
}
