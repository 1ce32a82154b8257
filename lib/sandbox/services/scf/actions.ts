import type { ValueRules } from '../../api/value-rules';
import type { Actions } from '../action';
import { createFunction, updateFunctionCode } from './change-function';
import { getFunction } from './get-function';
import { listFunctions } from './list-functions';
import { listTriggers } from './list-triggers';
import { listVersionByFunction, publishVersion } from './versions';

export const scfActions: Actions = {
  ListFunctions: listFunctions,
  GetFunction: getFunction,
  CreateFunction: createFunction,
  UpdateFunctionCode: updateFunctionCode,
  PublishVersion: publishVersion,
  ListVersionByFunction: listVersionByFunction,
  ListTriggers: listTriggers,
};

export const scfValues: ValueRules = {};
