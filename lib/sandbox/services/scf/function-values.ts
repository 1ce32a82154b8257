import type { ValueRule, ValueRules } from '@/lib/sandbox/model/value-rules';

/** The value rules of the settings of functions and namespaces. */

const create = 'https://cloud.tencent.com/document/api/583/18586';
const update = 'https://cloud.tencent.com/document/api/583/18580';
const updateCode = 'https://cloud.tencent.com/document/api/583/18581';
const list = 'https://cloud.tencent.com/document/api/583/18582';
const quotas = 'https://cloud.tencent.com/document/product/583/11637';

/** The code names the field, as in `InvalidParameterValue.Timeout`. */
const coded = (field: string) => `InvalidParameterValue.${field}`;

const runtimes: readonly string[] = [
  'Python2.7',
  'Python3.6',
  'Python3.7',
  'Python3.9',
  'Python3.10',
  'Nodejs6.10',
  'Nodejs8.9',
  'Nodejs10.15',
  'Nodejs12.16',
  'Nodejs14.18',
  'Nodejs16.13',
  'Nodejs18.15',
  'Php5.6',
  'Php7',
  'Php7.4',
  'Php8.0',
  'Go1',
  'Java8',
  'CustomRuntime',
];

/** 64, then every 128 MB up to 3072. */
const memorySizes = [64, ...Array.from({ length: 24 }, (_, index) => (index + 1) * 128)];

/** `file.function`; for Java `package.Class::method`; for Go only the name of its program. */
const handlerForm = /^[A-Za-z]([\w-]*[A-Za-z0-9])?([./][A-Za-z]([\w-]*[A-Za-z0-9])?)*(::[A-Za-z]\w*)?$/;

function flag(field: string, source: string): ValueRule {
  return { field, source, oneOf: ['TRUE', 'FALSE'] };
}

function handler(source: string): ValueRule {
  return {
    field: 'Handler',
    source,
    code: coded('Handler'),
    pattern: handlerForm,
    hint: 'have the form file.function, such as index.main_handler',
  };
}

function settings(source: string): ValueRule[] {
  return [
    { field: 'Description', source, code: coded('Description'), length: [0, 1000] },
    { field: 'MemorySize', source, code: coded('MemorySize'), oneOf: memorySizes },
    { field: 'Timeout', source, code: coded('Timeout'), range: [1, 900] },
    // The maximum is the field InitTimeoutLimit of GetAccount, whose value no page shows.
    { field: 'InitTimeout', source, code: 'LimitExceeded.InitTimeout', range: [1, 300] },
    {
      field: 'Environment.Variables[].Key',
      source,
      code: coded('Environment'),
      pattern: /^([A-Za-z]\w*)?$/,
      hint: 'have letters, digits and _, and begin with a letter',
    },
    { field: 'Environment.Variables[].Value', source, code: coded('Environment'), length: [0, 4096] },
    flag('InstallDependency', source),
    flag('DnsCache', source),
    {
      field: 'PublicNetConfig.PublicNetStatus',
      source,
      code: coded('PublicNetConfig'),
      oneOf: ['ENABLE', 'DISABLE'],
    },
    {
      field: 'PublicNetConfig.EipConfig.EipStatus',
      source,
      code: coded('EipConfig'),
      oneOf: ['ENABLE', 'DISABLE'],
    },
    { field: 'IntranetConfig.IpFixed', source, oneOf: ['ENABLE', 'DISABLE'] },
    {
      field: 'InstanceConcurrencyConfig.MaxConcurrency',
      source,
      code: coded('MaxConcurrency'),
      range: [1, 100],
    },
    { field: 'ProtocolParams.WSParams.IdleTimeOut', source, code: coded('IdleTimeOut'), range: [1, 1800] },
    { field: 'Layers', source: quotas, code: coded('Layers'), items: [0, 5] },
  ];
}

const order: ValueRule = { field: 'Order', source: list, code: coded('Order'), oneOf: ['ASC', 'DESC'] };

export const functionValues: ValueRules = {
  ListNamespaces: [
    order,
    {
      field: 'Orderby',
      source: 'https://cloud.tencent.com/document/api/583/37158',
      code: coded('Orderby'),
      oneOf: ['Name', 'Updatetime'],
    },
    {
      field: 'SearchKey[].Key',
      source: 'https://cloud.tencent.com/document/api/583/37158',
      code: coded('SearchKey'),
      oneOf: ['Namespace', 'Description'],
    },
  ],
  ListFunctions: [
    order,
    { field: 'Orderby', source: list, code: coded('Orderby'), oneOf: ['AddTime', 'ModTime', 'FunctionName'] },
    { field: 'Filters', source: list, code: coded('Filters'), items: [0, 10] },
    // The maximum of 100 is an assumption: the page has a default of 20, and a code for a limit that is too large.
    { field: 'Limit', source: list, code: coded('Limit'), range: [0, 100] },
    { field: 'Offset', source: list, code: coded('Offset'), range: [0, Number.MAX_SAFE_INTEGER] },
  ],
  GetFunction: [flag('ShowCode', 'https://cloud.tencent.com/document/api/583/18584')],
  CreateFunction: [
    {
      field: 'FunctionName',
      source: create,
      code: coded('FunctionName'),
      pattern: /^[A-Za-z][A-Za-z0-9_-]{0,58}[A-Za-z0-9]$/,
      hint: 'have 2 to 60 letters, digits, - and _, begin with a letter and not end with - or _',
    },
    { field: 'Type', source: create, code: coded('Type'), oneOf: ['Event', 'HTTP'] },
    { field: 'Runtime', source: create, code: coded('Runtime'), oneOf: runtimes },
    { field: 'CodeSource', source: create, code: coded('CodeSource'), oneOf: ['ZipFile', 'Cos', 'Demo'] },
    handler(create),
    ...settings(create),
    flag('AsyncRunEnable', create),
    flag('TraceEnable', create),
    { field: 'ProtocolType', source: create, code: coded('ProtocolType'), oneOf: ['WS'] },
  ],
  UpdateFunctionCode: [
    handler(updateCode),
    flag('Publish', updateCode),
    {
      field: 'CodeSource',
      source: updateCode,
      code: coded('CodeSource'),
      oneOf: ['ZipFile', 'Cos', 'Inline'],
    },
  ],
  UpdateFunctionConfiguration: [...settings(update), flag('Publish', update), flag('L5Enable', update)],
  PublishVersion: [
    {
      field: 'Description',
      source: 'https://cloud.tencent.com/document/api/583/37161',
      code: coded('Description'),
      length: [0, 1000],
    },
  ],
  ListVersionByFunction: [
    order,
    {
      field: 'OrderBy',
      source: 'https://cloud.tencent.com/document/api/583/37162',
      code: coded('OrderBy'),
      oneOf: ['AddTime', 'ModTime'],
    },
  ],
};
