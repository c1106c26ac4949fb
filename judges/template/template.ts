/** cfn-lint and checkov over the template in every variant. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DoorcodeStackProps } from '../../lib/doorcode-stack-props.ts';
import { synthesiseForThisMachine } from '../../lib/synthesise.ts';
import { type PythonTools, pythonTools, versionOf } from '../install/python.ts';
import type { Verdict } from '../judge.ts';
import { decidedOn } from './decided.ts';
import { decisions } from './decisions.ts';
import { check, lint, type Objection } from './tools.ts';
import { variants } from './variants.ts';

/** Judges the template in every variant. */
export function judgeTemplate(): Promise<Verdict> {
  const which = 'the defaults, each option alone, all options, and all but each';
  return judgeVariants(variants(), which);
}

/** Judges two variants that have every resource between them. */
export function judgeTemplateQuickly(): Promise<Verdict> {
  const { Defaults, Everything } = variants();
  if (Defaults === undefined || Everything === undefined)
    throw new Error('the variants have other names now');
  return judgeVariants({ Defaults, Everything }, 'the defaults, and all options');
}

async function judgeVariants(
  chosen: Readonly<Record<string, DoorcodeStackProps>>,
  which: string,
): Promise<Verdict> {
  const tools = await pythonTools('template');
  const folder = mkdtempSync(join(tmpdir(), 'doorcode-judged-'));
  try {
    const templates = join(folder, 'templates');
    const files = writeTemplates(chosen, { folder, templates });
    const [byLint, byCheckov] = await Promise.all([lint(tools, files), check(tools, templates)]);
    const objections = [...byLint, ...byCheckov.objections];
    const [first = ''] = files;
    const template = readFileSync(first, 'utf8');
    const found = await mistaken(tools, { folder: join(folder, 'mistaken'), template, objections });
    return {
      tool: [await versionOf(tools, 'cfn-lint'), await versionOf(tools, 'checkov')].join(', '),
      given: `${files.length} templates with ${byCheckov.resources} resources: ${which}; checkov’s checks were passed ${byCheckov.passed} times`,
      cases: files.length,
      ...decidedOn(objections, decisions),
      mistake: { what: 'a misspelt property of the table, and a role that may do everything', found },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeTemplates(
  stacks: Readonly<Record<string, DoorcodeStackProps>>,
  { folder, templates }: { readonly folder: string; readonly templates: string },
): readonly string[] {
  const assembly = synthesiseForThisMachine({ outdir: join(folder, 'cdk.out'), stacks });
  mkdirSync(templates);
  return assembly.stacks.map(({ stackName, templateFullPath }) => {
    const file = join(templates, `${stackName}.template.json`);
    writeFileSync(file, readFileSync(templateFullPath, 'utf8'));
    return file;
  });
}

/** Misspells a property of the table, and lets every role do everything. */
function spoilt(template: string): string {
  const parsed = JSON.parse(template);
  const Statement = [{ Effect: 'Allow', Action: '*', Resource: '*' }];
  const PolicyDocument = { Version: '2012-10-17', Statement };
  for (const { Type, Properties } of Object.values<{ Type: string; Properties: Record<string, unknown> }>(
    parsed.Resources,
  )) {
    if (Type === 'AWS::DynamoDB::Table') Properties['BilingMode'] = 'PAY_PER_REQUEST';
    if (Type === 'AWS::IAM::Role') Properties['Policies'] = [{ PolicyName: 'all', PolicyDocument }];
  }
  return JSON.stringify(parsed);
}

interface Mistaken {
  readonly folder: string;
  readonly template: string;
  /** What the tools say without the mistakes. */
  readonly objections: readonly Objection[];
}

/** What the tools say only of the template with the mistakes. Nothing unless both say something. */
async function mistaken(
  tools: PythonTools,
  { folder, template, objections }: Mistaken,
): Promise<readonly string[]> {
  mkdirSync(folder);
  const file = join(folder, 'Mistaken.template.json');
  writeFileSync(file, spoilt(template));
  const known = new Set(objections.map(({ rule }) => rule));
  const [byLint, byCheckov] = await Promise.all([lint(tools, [file]), check(tools, folder)]);
  const fresh = [byLint, byCheckov.objections].map((said) => said.filter(({ rule }) => !known.has(rule)));
  if (fresh.some((said) => said.length === 0)) return [];
  return [...new Set(fresh.flat().map(({ rule, message }) => `${rule}: ${message}`))];
}
