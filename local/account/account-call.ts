/**
 * Reads a call of one of the services that only describe the deployment, in that service's own protocol: the query
 * protocol (CloudFormation, IAM, SNS, STS), JSON (CloudWatch and its logs), or REST (Lambda, API Gateway).
 * https://smithy.io/2.0/aws/protocols/index.html
 */
import type { IncomingMessage } from 'node:http';
import { AwsError } from '../aws/aws-error.ts';
import { parsedJson } from '../listeners/read-body.ts';

type Protocol = 'query' | 'json' | 'rest';

export interface AccountCall {
  /** The name by which requests are signed. */
  readonly service: string;
  readonly protocol: Protocol;
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

interface Route {
  readonly action: string;
  /** Path segments; `{Name}` is a member of the input. */
  readonly path: string;
  readonly method?: 'POST';
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html, https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/api-reference.html */
const routes: Readonly<Record<string, readonly Route[]>> = {
  lambda: [
    { action: 'GetFunctionConfiguration', path: '/2015-03-31/functions/{FunctionName}/configuration' },
    { action: 'GetPolicy', path: '/2015-03-31/functions/{FunctionName}/policy' },
    { action: 'GetFunctionConcurrency', path: '/2019-09-30/functions/{FunctionName}/concurrency' },
    { action: 'GetAccountSettings', path: '/2016-08-19/account-settings' },
  ],
  apigateway: [
    { action: 'GetApi', path: '/v2/apis/{ApiId}' },
    { action: 'GetStage', path: '/v2/apis/{ApiId}/stages/{StageName}' },
    { action: 'GetRoutes', path: '/v2/apis/{ApiId}/routes' },
    { action: 'GetDomainName', path: '/v2/domainnames/{DomainName}' },
    { action: 'GetApiMappings', path: '/v2/domainnames/{DomainName}/apimappings' },
  ],
};

const protocols: Readonly<Record<string, Protocol>> = {
  apigateway: 'rest',
  cloudformation: 'query',
  iam: 'query',
  lambda: 'rest',
  logs: 'json',
  monitoring: 'json',
  sns: 'query',
  sts: 'query',
};

interface Received {
  readonly incoming: Pick<IncomingMessage, 'method' | 'headers'>;
  readonly url: URL;
  readonly body: Buffer;
}

/** The call; undefined for a service that is not here. Throws an `AwsError` for an operation that is not known. */
export function readAccountCall(
  service: string,
  { incoming: { method, headers }, url, body }: Received,
): AccountCall | undefined {
  const protocol = protocols[service];
  if (protocol === undefined) return undefined;
  switch (protocol) {
    case 'query': {
      const {
        Action = '',
        Version: _,
        ...input
      } = Object.fromEntries(new URLSearchParams(body.toString('utf8')));
      return { service, protocol, action: Action, input };
    }
    case 'json': {
      const action = String(headers['x-amz-target'] ?? '').split('.')[1] ?? '';
      return { service, protocol, action, input: Object(parsedJson(body)?.json) };
    }
    case 'rest': {
      const matched = (routes[service] ?? []).flatMap((route) => {
        const input = matchedPath(route.path, url.pathname);
        return input === undefined || method !== (route.method ?? 'GET')
          ? []
          : [{ action: route.action, input }];
      });
      const [found] = matched;
      if (found === undefined) throw new AwsError('UnknownOperationException', '', 404);
      return { service, protocol, ...found };
    }
  }
}

function matchedPath(pattern: string, pathname: string): Readonly<Record<string, string>> | undefined {
  const wanted = pattern.split('/');
  const given = pathname.split('/');
  if (wanted.length !== given.length) return undefined;
  const input: Record<string, string> = {};
  for (const [i, segment] of wanted.entries()) {
    const name = /^\{(.+)\}$/.exec(segment)?.[1];
    const value = given[i] ?? '';
    if (name === undefined && segment !== value) return undefined;
    if (name !== undefined) input[name] = decodeURIComponent(value);
  }
  return input;
}
