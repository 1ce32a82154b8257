import type { ValueRules } from '../../api/value-rules';
import type { Actions } from '../action';
import { describeInstances } from './describe-instances';

export const cvmActions: Actions = { DescribeInstances: describeInstances };

export const cvmValues: ValueRules = {};
