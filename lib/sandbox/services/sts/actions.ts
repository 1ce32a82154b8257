import type { ValueRules } from '../../api/value-rules';
import type { Actions } from '../action';
import { getCallerIdentity } from './get-caller-identity';

export const stsActions: Actions = { GetCallerIdentity: getCallerIdentity };

export const stsValues: ValueRules = {};
