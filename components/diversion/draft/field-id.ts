import type { EditorField } from '@/lib/draft/draft';
import type { PatchField } from '@/lib/preflight/model/model';

/** Returns the id of a field's control in the page. */
export function fieldId(field: EditorField | PatchField): string {
  return `diversion-${field.replaceAll('.', '-')}`;
}

/** Marks a field until the focus leaves it. */
function markWhileFocused(frame: HTMLElement): void {
  frame.dataset.marked = '';
  const onLeave = () =>
    requestAnimationFrame(() => {
      // A placeholder passes the focus to the control that replaces it.
      if (frame.contains(document.activeElement)) return;
      delete frame.dataset.marked;
      frame.removeEventListener('focusout', onLeave);
    });
  frame.addEventListener('focusout', onLeave);
}

/**
 * Unfolds a field's control, scrolls it into view, focuses it, and marks the field until the focus leaves it.
 * @param block the place to which it is scrolled
 * @returns whether it has the focus: a page that is not complete yet may not show it
 */
export function focusField(
  field: EditorField | PatchField,
  block: ScrollLogicalPosition = 'center',
): boolean {
  const control = document.getElementById(fieldId(field));
  if (control === null) return false;
  for (
    let fold = control.closest('details');
    fold !== null;
    fold = fold.parentElement?.closest('details') ?? null
  )
    fold.open = true;
  control.scrollIntoView({ block });
  control.focus({ preventScroll: true });
  markWhileFocused(control.closest<HTMLElement>('[data-field]') ?? control);
  return document.activeElement === control;
}
