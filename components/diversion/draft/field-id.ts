import type { EditorField } from '@/lib/draft/draft';

/** Returns the id of a field's control in the page. */
export function fieldId(field: EditorField): string {
  return `diversion-${field.replaceAll('.', '-')}`;
}

/**
 * Scrolls a field's control into view, focuses it, and marks the field until the focus leaves it.
 * @returns whether it has the focus: a page that is not complete yet may not show it
 */
export function focusField(field: EditorField): boolean {
  const control = document.getElementById(fieldId(field));
  if (control === null) return false;
  control.scrollIntoView({ block: 'center' });
  control.focus({ preventScroll: true });
  const frame = control.closest<HTMLElement>('[data-field]') ?? control;
  frame.dataset.marked = '';
  control.addEventListener('blur', () => delete frame.dataset.marked, { once: true });
  return document.activeElement === control;
}
