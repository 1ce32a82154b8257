import type { ValueRules } from '../../api/value-rules';
import type { Actions } from '../action';

export const sslActions: Actions = {};

export const sslValues: ValueRules = {};
