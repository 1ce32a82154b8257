import type { ValueRules } from '../../api/value-rules';
import type { Actions } from '../action';

export const cloudauditActions: Actions = {};

export const cloudauditValues: ValueRules = {};
