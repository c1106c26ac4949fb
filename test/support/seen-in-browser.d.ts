export function layoutFaults(id: string): string[];
export function digitsFromLeft(): string;
export function focusOf(id: string): { readonly outline: string; readonly edges: readonly string[] };
export function fontSizeOf(element: unknown): string;
