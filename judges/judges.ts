/** The judges, in the order in which the page shows them. */
import { judgeAws, judgeAwsLines } from './aws/aws.ts';
import { judgeEngines } from './engines/engines.ts';
import { judgeGenerators } from './generators/generators.ts';
import type { Judge } from './judge.ts';
import { judgeLoad } from './load/load.ts';
import { judgeByMoto } from './moto/moto.ts';
import { judgeOauth } from './oauth/oauth.ts';
import { judgeBySchemathesis } from './schemathesis/schemathesis.ts';
import { judgeTemplate, judgeTemplateQuickly } from './template/template.ts';
import { judgeTokens } from './tokens/tokens.ts';

export const judges: readonly Judge[] = [
  {
    name: 'template',
    what: 'the CloudFormation template',
    needs: ['Python'],
    isQuick: true,
    judge: judgeTemplate,
    part: judgeTemplateQuickly,
  },
  {
    name: 'aws',
    what: 'what goes between Doorcode and AWS, and each line for the AWS CLI',
    needs: ['Python'],
    isQuick: true,
    judge: judgeAws,
    part: judgeAwsLines,
  },
  {
    name: 'moto',
    what: 'the local Secrets Manager, and the template by CloudFormation',
    needs: ['Python'],
    isQuick: true,
    judge: judgeByMoto,
  },
  {
    name: 'engines',
    what: 'every call to the table, on other engines than dynoxide; Amazon’s DynamoDB Local is not used, because its licence is the vendor’s own',
    needs: ['Python'],
    isQuick: false,
    judge: judgeEngines,
  },
  {
    name: 'generators',
    what: 'openapi.json, by the clients that are made of it',
    needs: ['Python', 'Go', 'JDK'],
    isQuick: false,
    judge: judgeGenerators,
  },
  {
    name: 'oauth',
    what: 'sessions: discovery, refresh and revocation',
    needs: ['Python', 'Go'],
    isQuick: false,
    judge: judgeOauth,
  },
  {
    name: 'schemathesis',
    what: 'the local stack against openapi.json',
    needs: ['Python'],
    isQuick: false,
    judge: judgeBySchemathesis,
  },
  {
    name: 'load',
    what: 'the answers of the local stack under the load of bench/',
    needs: ['Go'],
    isQuick: false,
    judge: judgeLoad,
  },
  {
    name: 'tokens',
    what: 'the recipes of docs/verify-tokens.md, as they stand there',
    needs: ['Python', 'Go', 'JDK'],
    isQuick: true,
    judge: judgeTokens,
  },
];
