import type { ValueRules } from '../../api/value-rules';
import type { Actions } from '../action';

export const camActions: Actions = {};

export const camValues: ValueRules = {};
