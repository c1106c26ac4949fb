/** A line for the AWS CLI as somebody runs it: where a person or a program puts a value in, it has one of the deployment. */
import type { Deployment } from '../../local/deployed.ts';

/** Which value an option gets. Throws at one that has none here. */
function optionValue(option: string, { secrets, functions, table }: Deployment): string {
  const [secret] = secrets;
  const [first] = functions;
  const values: Readonly<Record<string, string | undefined>> = {
    '--alarm-names': 'Doorcode-Alarm',
    '--billing-mode': 'PAY_PER_REQUEST',
    '--function-name': first?.name,
    '--log-group-name': '/aws/lambda/request-otp',
    '--notification-endpoint': 'nobody@example.com',
    '--principal': 'apigateway.amazonaws.com',
    '--remove-from-version-id': '00000000-0000-4000-8000-000000000000',
    '--reserved-concurrent-executions': '5',
    '--retention-in-days': '30',
    '--rotation-lambda-arn': first?.arn,
    '--secret-id': secret?.arn,
    '--source-arn': 'arn:aws:execute-api:ap-south-1:000000000000:api/*',
    '--stack-name': 'Doorcode',
    '--statement-id': 'Invoke-1',
    '--table-name': table.name,
    '--topic-arn': 'arn:aws:sns:ap-south-1:000000000000:on-call',
  };
  const value = values[option];
  if (value === undefined) throw new Error(`the judge has no value for ${option}`);
  return value;
}

/** The line with its values. Throws at a place that it has no value for. */
export function filled(line: string, deployment: Deployment): string {
  const complete = line
    .trim()
    .replace(/^\$ /, '')
    .replace(/ +#.*$/, '')
    .replace(/\$\{rulesOf\(rotation\)\}/, ' --rotation-rules AutomaticallyAfterDays=30')
    .replace(/AttributeName=\$\{AttributeName\}/, `AttributeName=${deployment.table.ttlAttribute}`)
    .replace(
      /(--[a-z-]+)([ =])('?)(?:…|\$\{(?:[^{}]|\{[^{}]*\})*\})(?:-1)?('?)/g,
      (_, option, between, open, close) =>
        `${option}${between}${open}${optionValue(option, deployment)}${close}`,
    )
    .replace(/[.,]$/, '');
  if (/…|\$\{/.test(complete)) throw new Error('the judge does not know what somebody puts in');
  return complete;
}
