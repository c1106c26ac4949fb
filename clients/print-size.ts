/** `npm run client-size`. */
import { clientBytes, maxClientBytes } from './size.ts';

console.log(`TypeScript client: ${await clientBytes()} bytes gzipped, of at most ${maxClientBytes}`);
