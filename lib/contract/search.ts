/** The kinds of objects that the search finds, in the order in which they are shown. */
export const searchKinds = [
  'diversion',
  'plan',
  'run',
  'switch',
  'domain',
  'loadBalancer',
  'function',
] as const;
export type SearchKind = (typeof searchKinds)[number];

/** An object that the search has found. */
export type SearchHit = {
  readonly kind: SearchKind;
  /** Distinguishes it from the other hits. */
  readonly key: string;
  /** Its id, or its name if that says more. */
  readonly name: string;
  /** Distinguishes it from others of the same name: its id, account or region. */
  readonly note: string;
  /** The address of its page. */
  readonly href: string;
};

/** The best hits of each kind, and the kinds of which more were found than are listed. */
export type SearchView = {
  readonly hits: readonly SearchHit[];
  readonly more: readonly SearchKind[];
};
