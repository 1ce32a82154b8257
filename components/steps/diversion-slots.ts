import type { ReactNode } from 'react';
import type { DiversionTab } from '@/lib/routes';

/** The parts of a diversion's page that are the same with a plan and with a run. */
export type DiversionSlots = {
  readonly tab: DiversionTab;
  readonly tabs?: ReactNode;
  /** Facts of the diversion as a whole. */
  readonly notes?: ReactNode;
  /** The commands for the diversion as a whole, at the end of the others. */
  readonly commands?: ReactNode;
  /** The content of the tab Activity. */
  readonly children?: ReactNode;
};
