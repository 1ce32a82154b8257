import type { Cloud } from '@/lib/cloud/port';
import type { Caller } from '@/lib/cloud/tencent/call/caller';
import { createWrites } from '@/lib/cloud/tencent/write';
import { toCloudError } from '@/lib/cloud/to-cloud-error';
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
    countForUser: (ask) => ask(),
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
  const waiting = {
    now: () => clock.now(),
    sleep: (ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve)),
    random: () => 0.5,
  };
  return {
    read: (ref) => cloud.read(ref, fence),
    ...createWrites(modelCaller(cloud, fence), waiting, (deleted) => cloud.inside(deleted)),
  };
}
