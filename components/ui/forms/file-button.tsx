import { Upload } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import { Button } from '@/components/ui/button';

type FileButtonProps = {
  /** The name of the file that is asked for. */
  readonly label: string;
  readonly accept: string;
  readonly isBusy: boolean;
  readonly onPick: (file: File) => void;
  readonly children: ReactNode;
};

/** A button that opens a file. */
export function FileButton({ label, accept, isBusy, onPick, children }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button icon={<Upload aria-hidden />} busy={isBusy} onClick={() => input.current?.click()}>
        {children}
      </Button>
      <input
        ref={input}
        type="file"
        accept={accept}
        aria-label={label}
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          const [picked] = event.target.files ?? [];
          if (picked !== undefined) onPick(picked);
          // Allows the same file to be picked again.
          event.target.value = '';
        }}
      />
    </>
  );
}
