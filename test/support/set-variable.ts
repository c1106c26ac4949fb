/** Changes a variable of every function that has it, in a template. */
import * as v from 'valibot';
import type { Template } from '../../local/template.ts';

const environment = v.object({ Variables: v.record(v.string(), v.unknown()) });

/** Sets the variable `name`; undefined takes it away. Throws if no function has it. */
export function setVariable({ Resources }: Template, name: string, value: string | undefined): void {
  const functions = Object.values(Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  let found = 0;
  for (const { Properties } of functions) {
    const { [name]: old, ...rest } = v.parse(environment, Properties['Environment']).Variables;
    if (old === undefined) continue;
    found += 1;
    Properties['Environment'] = { Variables: value === undefined ? rest : { ...rest, [name]: value } };
  }
  if (found === 0) throw new Error(`no function has ${name}`);
}
