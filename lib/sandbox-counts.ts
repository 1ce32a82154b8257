/** The kinds of objects in sandbox data that are counted, in display order. */
export const sandboxCounts = [
  'accounts',
  'loadBalancers',
  'listeners',
  'rules',
  'targets',
  'functionTargets',
  'targetGroups',
  'instances',
  'functions',
  'zones',
  'records',
] as const;
