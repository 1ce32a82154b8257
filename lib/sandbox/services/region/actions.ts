import type { ValueRules } from '../../api/value-rules';
import type { Actions } from '../action';

export const regionActions: Actions = {};

export const regionValues: ValueRules = {};
