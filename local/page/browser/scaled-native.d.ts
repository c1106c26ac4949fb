/** 1 is the usual text size, 2 is 200 %. */
export function setTextScale(next: number): void;
