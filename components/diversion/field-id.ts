import type { EditorField } from './draft';

/** The id of a field's control in the page. */
export function fieldId(field: EditorField): string {
  return `diversion-${field.replaceAll('.', '-')}`;
}

/** Brings a field's control into view and puts the focus there. */
export function focusField(field: EditorField): void {
  const control = document.getElementById(fieldId(field));
  control?.scrollIntoView({ block: 'center' });
  control?.focus({ preventScroll: true });
}
