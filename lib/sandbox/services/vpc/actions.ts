import type { ValueRules } from '../../api/value-rules';
import type { Actions } from '../action';
import { describeNetworkAccountType } from './describe-network-account-type';

export const vpcActions: Actions = { DescribeNetworkAccountType: describeNetworkAccountType };

export const vpcValues: ValueRules = {};
