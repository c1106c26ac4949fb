/** Every check, in the order in which people read: what is broken first breaks what comes after. */
import type { Check } from './check.ts';
import { alarmDataCheck } from './checks/alarm-data.ts';
import { alarmsCheck } from './checks/alarms.ts';
import { answersCheck } from './checks/answers.ts';
import { concurrencyCheck } from './checks/concurrency.ts';
import { domainCheck } from './checks/domain.ts';
import { functionInvokersCheck } from './checks/function-invokers.ts';
import { functionRolesCheck } from './checks/function-roles.ts';
import { functionsCheck } from './checks/functions.ts';
import { issuerCheck } from './checks/issuer.ts';
import { logsCheck } from './checks/logs.ts';
import { providerCheck } from './checks/provider.ts';
import { secretPoliciesCheck } from './checks/secret-policies.ts';
import { secretReadsCheck } from './checks/secret-reads.ts';
import { secretsCheck } from './checks/secrets.ts';
import { stackCheck } from './checks/stack.ts';
import { stageCheck } from './checks/stage.ts';
import { tableCheck } from './checks/table.ts';
import { topicCheck } from './checks/topic.ts';
import { trailCheck } from './checks/trail.ts';

export const checks: readonly Check[] = [
  stackCheck,
  issuerCheck,
  domainCheck,
  answersCheck,
  secretsCheck,
  secretPoliciesCheck,
  functionsCheck,
  functionRolesCheck,
  functionInvokersCheck,
  concurrencyCheck,
  tableCheck,
  stageCheck,
  alarmsCheck,
  topicCheck,
  trailCheck,
  logsCheck,
  secretReadsCheck,
  alarmDataCheck,
  providerCheck,
];
