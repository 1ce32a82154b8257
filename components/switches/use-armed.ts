import { useEffect, useRef, useState } from 'react';

/** How long the cover stays up. */
export const armedMs = 10_000;

type ArmedOptions = {
  /** The cover has fallen by itself. */
  readonly onLapse: () => void;
};

/**
 * The cover of a lever: lifted by hand, it falls after 10 s, by Esc, or when the lever is thrown. The focus goes to the
 * lever when it is lifted, and back to the button when it falls.
 */
export function useArmed({ onLapse }: ArmedOptions) {
  /** In epoch ms; null = the cover is down. */
  const [until, setUntil] = useState<number | null>(null);
  const armButton = useRef<HTMLButtonElement>(null);
  const switchButton = useRef<HTMLButtonElement>(null);
  const lapse = useRef(onLapse);
  lapse.current = onLapse;
  const wasArmed = useRef(false);

  useEffect(() => {
    if (until === null) return;
    const timer = setTimeout(() => {
      setUntil(null);
      lapse.current();
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
