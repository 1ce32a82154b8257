/**
 * Settings for all plans on connections of a kind: the default cutover, and the number of people who must approve a
 * plan. A real account may require more than the sandbox.
 */

export const connectionKinds = ['sandbox', 'tencent'] as const;
export type ConnectionKind = (typeof connectionKinds)[number];

/** As many as one page can ask for in a night: one or two more reviewers. */
export const approvalsMax = 2;
