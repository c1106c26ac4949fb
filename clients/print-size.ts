/** `npm run client-size`. */
import { clientBytes, maxClientBytes, maxSessionBytes } from './size.ts';

console.log('The TypeScript client, bytes gzipped');
console.log(
  `  the sign-in alone                ${await clientBytes('the sign-in alone')}, of at most ${maxClientBytes}`,
);
console.log(
  `  with a session                   ${await clientBytes('with a session')}, of at most ${maxClientBytes + maxSessionBytes}`,
);
console.log(`  and with fetch for your APIs     ${await clientBytes('with a session and fetch for APIs')}`);
console.log(`  and with the list of devices     ${await clientBytes('everything')}`);
