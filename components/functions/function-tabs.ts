/** The tabs of a function's page, in their order. */
export const functionTabs = ['code', 'versions', 'use', 'calls', 'test', 'activity'] as const;
export type FunctionTab = (typeof functionTabs)[number];

/** Returns the tab that an address names; an unknown one is the first. */
export function readFunctionTab(name: string | undefined): FunctionTab {
  return functionTabs.find((tab) => tab === name) ?? 'code';
}
