import type { EditorField } from '@/lib/draft/draft';

/** Returns the id of a field's control in the page. */
export function fieldId(field: EditorField): string {
  return `diversion-${field.replaceAll('.', '-')}`;
}

/** Scrolls a field's control into view, focuses it, and marks the field until the focus leaves it. */
export function focusField(field: EditorField): void {
  const control = document.getElementById(fieldId(field));
  if (control === null) return;
  control.scrollIntoView({ block: 'center' });
  control.focus({ preventScroll: true });
  const frame = control.closest<HTMLElement>('[data-field]') ?? control;
  frame.dataset.marked = '';
  control.addEventListener('blur', () => delete frame.dataset.marked, { once: true });
}
