import { onDemand } from '@/components/ui/base/on-demand';

/** The controls that only some choices have. */
export const chosenParts = onDemand(() => import('./chosen-parts'));
