import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';

const create = 'https://cloud.tencent.com/document/api/583/44164';
const update = 'https://cloud.tencent.com/document/api/583/44161';
const list = 'https://cloud.tencent.com/document/api/583/44162';

function name(source: string, pattern: RegExp): ValueRule {
  return {
    field: 'Name',
    source,
    code: 'InvalidParameterValue.Name',
    pattern,
    hint: 'have 1 to 64 letters, digits, - and _, and begin with a letter',
  };
}

function weight(source: string): ValueRule {
  return {
    field: 'RoutingConfig.AdditionalVersionWeights[].Weight',
    source,
    code: 'InvalidParameterValue.AdditionalVersionWeights',
    range: [0, 1],
  };
}

/** As text, because the action has its numbers as text. */
function count(field: string): ValueRule {
  return {
    field,
    source: list,
    code: 'InvalidParameterValue',
    pattern: /^\d{1,9}$/,
    hint: 'be a whole number',
  };
}

/** The value rules of aliases. */
export const aliasValues: ValueRules = {
  CreateAlias: [name(create, /^[A-Za-z][A-Za-z0-9_-]{0,63}$/), weight(create)],
  // The default alias of every function begins with a $.
  UpdateAlias: [name(update, /^(\$DEFAULT|[A-Za-z][A-Za-z0-9_-]{0,63})$/), weight(update)],
  ListAliases: [count('Offset'), count('Limit')],
};
