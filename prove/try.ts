import { interleavings } from './races/interleavings.ts';

for (const suite of [interleavings]) {
  const t = performance.now();
  console.log(
    await suite({
      seed: 3,
      scale: Number(process.argv[2] ?? 0.01),
      onProgress: () => undefined,
      signal: new AbortController().signal,
    }),
    (performance.now() - t) / 1000,
  );
}
