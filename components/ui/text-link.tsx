import Link from 'next/link';
import type { ComponentProps } from 'react';
import { classes } from './classes';

const look =
  'inline-flex items-center gap-1 text-left font-medium text-accent underline decoration-accent-line underline-offset-2 hover:decoration-current';

/** A link inside text. */
export function TextLink({ className, ...props }: ComponentProps<typeof Link>) {
  return <Link {...props} className={classes(look, className)} />;
}

/** A button that looks like a link and acts on this page: the shortest fix beside a message. */
export function TextButton({ className, ...props }: ComponentProps<'button'>) {
  return <button type="button" {...props} className={classes(look, className)} />;
}
