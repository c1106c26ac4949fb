/** A peer in a process of its own: runs its flows, four at once, and says what CPU that took. */
import measuring from './measured.cjs';

const { flow } = await import(process.env.PEER);
measuring.measured({ flows: (numbers) => measuring.inFours(numbers, flow) });
