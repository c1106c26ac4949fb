/** Listening on loopback, with an answer for a port that is taken, and an end that waits for answers under way. */
import type { Server } from 'node:http';
import { Advice } from './advice.ts';

/** Listens on 127.0.0.1 and gives the port; 0 takes a free one. `option` is how to choose another. */
export function listen(server: Server, port: number, option = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      reject(
        isTaken
          ? new Advice(`Port ${port} is not free. Choose another: npm start -- ${option} ${port + 100}`)
          : error,
      );
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** Stops listening; idle connections end at once, the others with their answer. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
