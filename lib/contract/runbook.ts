/** A piece of text in one form. */
export type RunbookText = {
  readonly form: 'plain' | 'bold' | 'emphasis' | 'code';
  readonly text: string;
};

/** A block of the runbook. */
export type RunbookBlock =
  | {
      readonly kind: 'heading';
      readonly level: number;
      readonly id: string;
      readonly text: readonly RunbookText[];
    }
  | { readonly kind: 'paragraph'; readonly text: readonly RunbookText[] }
  | {
      readonly kind: 'list';
      readonly isOrdered: boolean;
      readonly items: readonly (readonly RunbookText[])[];
    }
  | { readonly kind: 'code'; readonly text: string };
