/** dynalite, whose parser of expressions is its own, in JavaScript. */
import { join } from 'node:path';
import { nodePackages } from '../install/node.ts';
import list from '../lists/dynalite/package.json' with { type: 'json' };
import { type Engine, startEngine } from './engine.ts';
import { addRefusedItems } from './refused-items.ts';

const program = `
const [folder, port] = process.argv.slice(1);
require(folder)({ createTableMs: 0 }).listen(Number(port), '127.0.0.1');
`;

/** Starts it behind what adds the item to a refusal, which dynalite leaves out. */
export async function startDynalite(): Promise<Engine> {
  const folder = join(await nodePackages('dynalite'), 'node_modules/dynalite');
  const tool = `dynalite ${list.dependencies.dynalite}`;
  const engine = await startEngine(tool, [process.execPath, '-e', program, folder]);
  const complete = await addRefusedItems(engine.url);
  return {
    tool,
    url: complete.url,
    stop: async () => {
      await complete.stop();
      await engine.stop();
    },
  };
}
