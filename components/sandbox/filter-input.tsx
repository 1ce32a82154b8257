import { Search } from 'lucide-react';
import { Input } from '@/components/ui/input';

type FilterInputProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (words: string) => void;
};

/** Filters the table of a panel by the typed text. */
export function FilterInput({ label, value, onChange }: FilterInputProps) {
  return (
    <Input
      type="search"
      size="sm"
      className="w-56 max-md:w-40"
      icon={<Search aria-hidden />}
      aria-label={label}
      placeholder={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
