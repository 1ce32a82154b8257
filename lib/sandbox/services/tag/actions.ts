import type { ValueRules } from '../../api/value-rules';
import type { Actions } from '../action';

export const tagActions: Actions = {};

export const tagValues: ValueRules = {};
