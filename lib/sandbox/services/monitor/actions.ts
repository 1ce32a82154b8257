import type { ValueRules } from '../../api/value-rules';
import type { Actions } from '../action';

export const monitorActions: Actions = {};

export const monitorValues: ValueRules = {};
