import { type RefObject, useEffect, useRef } from 'react';

/**
 * Takes what was typed into a field that the server rendered, before the code of its part was loaded.
 * @returns the ref of the field
 */
export function useTypedBefore(
  value: string,
  take: (text: string) => void,
): RefObject<HTMLInputElement | null> {
  const field = useRef<HTMLInputElement>(null);
  const latest = useRef({ value, take });
  latest.current = { value, take };
  useEffect(() => {
    const now = latest.current;
    const typed = field.current?.value ?? now.value;
    if (typed !== now.value) now.take(typed);
  }, []);
  return field;
}
