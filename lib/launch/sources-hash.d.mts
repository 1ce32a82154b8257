export declare function sourcesHash(root: string): string;
