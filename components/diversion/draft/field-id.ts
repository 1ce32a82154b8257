import type { EditorField } from '@/lib/draft/draft';

/** Returns the id of a field's control in the page. */
export function fieldId(field: EditorField): string {
  return `diversion-${field.replaceAll('.', '-')}`;
}

/** Scrolls a field's control into view and focuses it. */
export function focusField(field: EditorField): void {
  const control = document.getElementById(fieldId(field));
  control?.scrollIntoView({ block: 'center' });
  control?.focus({ preventScroll: true });
}
