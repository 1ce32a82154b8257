import { LoaderCircle } from 'lucide-react';
import Link from 'next/link';
import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes';

/** One `primary` per view. `danger` undoes, `dangerSolid` is the last step before traffic is rolled back. */
type ButtonVariant = 'primary' | 'default' | 'danger' | 'dangerSolid' | 'ghost';
/**
 * `lg` (40 px) is for actions that move traffic, `sm` (24 px) for tables and toolbars. Under 720 px `md` and `lg` are
 * 44 px high for touch (WCAG 2.5.5).
 */
type ButtonSize = 'sm' | 'md' | 'lg';

type Look = {
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
  /** A lucide icon element, shown before the text. */
  readonly icon?: ReactNode;
};

const variants: Readonly<Record<ButtonVariant, string>> = {
  primary: 'border-accent bg-accent text-on-accent hover:border-accent-hover hover:bg-accent-hover',
  default: 'border-line-strong bg-surface text-ink hover:border-control hover:bg-hover active:bg-accent-soft',
  danger: 'border-bad-line bg-surface text-bad-ink hover:border-bad hover:bg-bad-soft',
  dangerSolid: 'border-bad bg-bad text-on-bad',
  ghost: 'border-transparent text-ink hover:bg-hover active:bg-accent-soft',
};

const sizes: Readonly<Record<ButtonSize, string>> = {
  sm: 'h-6 gap-1 px-2 text-12',
  md: 'h-8 gap-1.5 px-3 max-md:min-h-11',
  lg: 'h-10 gap-1.5 px-4 max-md:min-h-11',
};

const squares: Readonly<Record<ButtonSize, string>> = { sm: 'size-6', md: 'size-8', lg: 'size-10' };

function look({ variant = 'default', size = 'md', square }: Look & { square?: boolean }): string {
  return classes(
    'inline-flex shrink-0 items-center justify-center rounded-md border font-medium whitespace-nowrap no-underline transition-colors',
    'disabled:border-line disabled:bg-sunken disabled:text-ink-off [&_svg]:size-4 [&_svg]:shrink-0',
    variants[variant],
    square ? squares[size] : sizes[size],
  );
}

type ButtonProps = ComponentProps<'button'> & Look & { readonly busy?: boolean };

/** A button. While `busy` it keeps its width and focus but ignores presses. Explain beside it why it is disabled. */
export function Button({ variant, size, icon, busy = false, className, children, ...props }: ButtonProps) {
  return (
    <button
      type="button"
      {...props}
      aria-busy={busy || undefined}
      aria-disabled={busy || props['aria-disabled']}
      onClick={busy ? (event) => event.preventDefault() : props.onClick}
      className={classes(look({ ...(variant && { variant }), ...(size && { size }) }), className)}
    >
      {busy ? <LoaderCircle aria-hidden className="animate-spin" /> : icon}
      {children}
    </button>
  );
}

type IconButtonProps = Omit<ComponentProps<'button'>, 'children' | 'aria-label'> & {
  readonly label: string;
  readonly icon: ReactNode;
  readonly variant?: ButtonVariant;
  readonly size?: ButtonSize;
};

/** A square button with only an icon; `label` is its accessible name. */
export function IconButton({
  label,
  icon,
  variant = 'ghost',
  size = 'md',
  className,
  ...props
}: IconButtonProps) {
  return (
    <button
      type="button"
      {...props}
      aria-label={label}
      title={label}
      className={classes(look({ variant, size, square: true }), className)}
    >
      {icon}
    </button>
  );
}

type ButtonLinkProps = ComponentProps<typeof Link> & Look;

/** A link to a page that looks like a button. */
export function ButtonLink({ variant, size, icon, className, children, ...props }: ButtonLinkProps) {
  return (
    <Link
      {...props}
      className={classes(look({ ...(variant && { variant }), ...(size && { size }) }), className)}
    >
      {icon}
      {children}
    </Link>
  );
}
