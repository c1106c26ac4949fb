import { faults } from './faults/faults.ts';

const f = await faults({
  seed: Number(process.argv[2] ?? 1),
  scale: Number(process.argv[3] ?? 0.02),
  onProgress: (t) => process.stderr.write(`\r${t}`),
  signal: new AbortController().signal,
});
console.log(f);
