type Part = 'programs' | 'dashboard';

export function recordPart(root: string, part: Part, sources: string): void;
export function removePartRecord(root: string, part: Part): void;
export function partSources(root: string, part: Part): string | null;
export function isPartWhole(root: string, part: Part, options?: { readonly quick?: boolean }): boolean;
