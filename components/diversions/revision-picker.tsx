'use client';

import { useRouter } from 'next/navigation';
import { Select } from '@/components/ui/select';

type RevisionPickerProps = {
  readonly label: string;
  /** The plan of the revision on the page; '' = the page is of all revisions. */
  readonly value: string;
  readonly revisions: readonly { readonly value: string; readonly label: string; readonly href: string }[];
};

/** Navigates to another revision. */
export function RevisionPicker({ label, value, revisions }: RevisionPickerProps) {
  const router = useRouter();
  const open = (planId: string) => {
    const chosen = revisions.find((each) => each.value === planId);
    if (chosen !== undefined) router.push(chosen.href);
  };
  return (
    <Select
      size="sm"
      aria-label={label}
      className="w-72 max-md:w-full"
      value={value}
      placeholder={label}
      onChange={open}
      options={revisions}
    />
  );
}
