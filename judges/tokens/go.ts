/** golang-jwt with keyfunc, by the recipe for Go. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runGo } from '../install/go.ts';
import { parted, recipe } from './recipes.ts';
import { answersIn, inputOf, type Verifier } from './verifier.ts';

const list = join(import.meta.dirname, '../lists/go-jwt/go.mod');

/** Builds and runs the recipe; where it says 401, the program says no. */
export const goJwt: Verifier = async (asked) => {
  const code = (asked.change ?? String)(recipe('Go', 'go')).replace(
    '/* 401 */',
    'fmt.Println("no", err); continue',
  );
  const [, imports = '', rest = ''] = /^import \((.*?)^\)\n(.*)$/ms.exec(code) ?? [];
  const [once, each] = parted(rest, /^\/\/ for each request/);
  const program = `package main

import (
	"bufio"
	"fmt"
	"os"
${imports})

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Scan()
	issuer := lines.Text()
${once}
	if err != nil { panic(err) }
	fmt.Println("ready")
	for lines.Scan() {
		bearer := lines.Text()
${each}
		fmt.Println("ok")
	}
}
`;
  const printed = await runGo('go-jwt', program, inputOf(asked));
  const versions = [...readFileSync(list, 'utf8').matchAll(/(golang-jwt|keyfunc)\S* (v[\d.]+)\n/g)];
  return {
    tool: versions.map(([, module, version]) => `${module} ${version}`).join(' and '),
    answers: answersIn(printed),
  };
};
