/** The tabs of a function's page, in their order. */
export const functionTabs = ['code', 'versions', 'use', 'calls', 'test', 'activity'] as const;
export type FunctionTab = (typeof functionTabs)[number];

/** Returns the tab of an address; the first one if it is unknown. */
export function readFunctionTab(name: string | undefined): FunctionTab {
  return functionTabs.find((tab) => tab === name) ?? 'code';
}
