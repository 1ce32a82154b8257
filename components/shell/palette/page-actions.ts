'use client';

import type { LucideIcon } from 'lucide-react';
import { type RefObject, useEffect, useRef } from 'react';

/** Something that can be done on the page, as the command palette lists it. */
export type PageAction = {
  /** Unique on the page. */
  readonly id: string;
  readonly label: string;
  /** Its key, as in `Shift R`. */
  readonly keys?: string;
  /** The reason why it can't be done now; null = it can. */
  readonly whyNot: string | null;
  readonly act: () => void;
  /** Lists it in the menu of the page as well. */
  readonly menuIcon?: LucideIcon;
};

/** The actions of the mounted components, in the order in which they mounted. */
const offered: RefObject<readonly PageAction[]>[] = [];

/** Offers actions in the command palette while the component is mounted. */
export function usePageActions(actions: readonly PageAction[]): void {
  const current = useRef(actions);
  useEffect(() => {
    current.current = actions;
  });
  useEffect(() => {
    offered.push(current);
    return () => {
      offered.splice(offered.indexOf(current), 1);
    };
  }, []);
}

/** Returns the actions that are offered now, those of the page first. */
export function listPageActions(): readonly PageAction[] {
  return offered.flatMap(({ current }) => current);
}
