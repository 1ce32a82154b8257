import type { ValueRules } from '@/lib/sandbox/model/value-rules';
import type { Actions } from '../action';
import { getCallerIdentity } from './get-caller-identity';

export const stsActions: Actions = { GetCallerIdentity: getCallerIdentity };

export const stsValues: ValueRules = {};
