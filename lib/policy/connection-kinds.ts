/** Settings for all plans on connections of a kind, such as the default cutover. */

export const connectionKinds = ['sandbox', 'tencent'] as const;
export type ConnectionKind = (typeof connectionKinds)[number];
