import type { SplitField } from '@/lib/diversion/split';

/** The id of a field's control in the page. */
export function fieldId(field: SplitField): string {
  return `split-${field.replace('.', '-')}`;
}

/** Brings a field's control into view and puts the focus there. */
export function focusField(field: SplitField): void {
  const control = document.getElementById(fieldId(field));
  control?.scrollIntoView({ block: 'center' });
  control?.focus({ preventScroll: true });
}
