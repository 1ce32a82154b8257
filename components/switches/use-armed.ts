import { useEffect, useRef, useState } from 'react';

/** The duration for which the control stays armed. */
export const armedMs = 10_000;

type ArmedOptions = {
  /** Called when the control disarms automatically. */
  readonly onExpire: () => void;
};

/**
 * Provides the armed state of a switch control. It disarms after 10 s, on Esc, or when it is confirmed. The focus moves
 * to the control when it is armed, and back to the button when it disarms.
 */
export function useArmed({ onExpire }: ArmedOptions) {
  /** In epoch ms; null = not armed. */
  const [until, setUntil] = useState<number | null>(null);
  const armButton = useRef<HTMLButtonElement>(null);
  const switchButton = useRef<HTMLButtonElement>(null);
  const expire = useRef(onExpire);
  expire.current = onExpire;
  const wasArmed = useRef(false);

  useEffect(() => {
    if (until === null) return;
    const timer = setTimeout(() => {
      setUntil(null);
      expire.current();
    }, until - Date.now());
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setUntil(null);
    };
    window.addEventListener('keydown', onKey);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', onKey);
    };
  }, [until]);

  const isArmed = until !== null;
  useEffect(() => {
    if (isArmed) switchButton.current?.focus();
    else if (wasArmed.current && document.activeElement === document.body) armButton.current?.focus();
    wasArmed.current = isArmed;
  }, [isArmed]);

  return {
    until,
    armButton,
    switchButton,
    arm: () => setUntil(Date.now() + armedMs),
    disarm: () => setUntil(null),
  };
}
