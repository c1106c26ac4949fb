/** PyJWT, by the recipe for Python. */
import { runWell } from '../install/command.ts';
import { pythonTools, versionOf } from '../install/python.ts';
import { parted, recipe } from './recipes.ts';
import { answersIn, inputOf, type Verifier } from './verifier.ts';

/** Runs the recipe; what it raises is a refusal. */
export const pyJwt: Verifier = async (asked) => {
  const tools = await pythonTools('pyjwt');
  const [once, each] = parted((asked.change ?? String)(recipe('Python', 'python')), /^# for each request/);
  const program = `import sys
issuer = sys.stdin.readline().strip()
${once}
print("ready", flush=True)
for line in sys.stdin:
    bearer = line.strip()
    try:
${each.replace(/^(?=.)/gm, '        ')}
        print("ok")
    except Exception as refused:
        print("no", type(refused).__name__)
`;
  const printed = await runWell(tools.command('python'), ['-c', program], inputOf(asked));
  return { tool: await versionOf(tools, 'PyJWT'), answers: answersIn(printed) };
};
