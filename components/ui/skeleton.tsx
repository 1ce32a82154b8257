import { classes } from './classes';

/** A grey bar in the shape of the content to load. Only for a first load: old figures stay, with their time. */
export function Skeleton({ className }: { readonly className?: string }) {
  return (
    <span aria-hidden className={classes('block rounded-sm bg-line motion-safe:animate-pulse', className)} />
  );
}
