import type { DescribeTaskStatusResponse } from 'tencentcloud-sdk-nodejs/tencentcloud/services/clb/v20180317/clb_models';
import { ApiError, missingParameter } from '@/lib/sandbox/model/api-error';
import { entry } from '@/lib/sandbox/model/entry';
import type { WorldTask } from '../../world/task';
import { action, type WithNull } from '../action';

/** 0 done, 1 failed, 2 running. */
const statuses: Readonly<Record<WorldTask['outcome'], number>> = { done: 0, failed: 1, running: 2 };

/**
 * Returns a task's status: https://www.tencentcloud.com/document/api/214/33823. A task's id is the RequestId of its
 * write. An unknown id is an InvalidParameter (assumption: the code is in the action's list, without a documented
 * condition).
 */
export const describeTaskStatus = action<
  'clb.DescribeTaskStatus',
  WithNull<DescribeTaskStatusResponse, 'LoadBalancerIds' | 'Message'>
>((request, { account }) => {
  const { TaskId: id, DealName: dealName } = request;
  if (!id && !dealName) {
    throw missingParameter('The request needs `TaskId` or `DealName`.');
  }
  const task = id
    ? entry(account.tasks, id)
    : Object.values(account.tasks).find(({ effect }) => 'dealName' in effect && effect.dealName === dealName);
  if (!task) throw new ApiError('InvalidParameter', `There is no task ${id || dealName}.`);
  return {
    Status: statuses[task.outcome],
    LoadBalancerIds: task.loadBalancerIds,
    Message: task.message === '' ? null : task.message,
  };
});
