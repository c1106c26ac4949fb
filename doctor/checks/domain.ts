/** The adopter's own domain: issued, mapped to the stage, and pointed to by DNS. */
import { GetApiMappingsCommand, GetDomainNameCommand } from '@aws-sdk/client-apigatewayv2';
import { type Check, deployAgain, type Examination } from '../check.ts';
import { type DeployedStack, ofType, type Resource } from '../deployed-stack.ts';
import { differences } from '../differences.ts';
import { ok, type Problem, unless, untold, wrong } from '../finding.ts';
import type { Right } from '../right.ts';

const type = 'AWS::ApiGatewayV2::DomainName';
const right = ({ partition, region }: DeployedStack, domain: Resource, path = ''): Right => ({
  action: 'apigateway:GET',
  resource: `arn:${partition}:apigateway:${region}::/domainnames/${domain.physicalId}${path}`,
});

export const domainCheck: Check = {
  name: 'domain',
  rights: (stack) =>
    ofType(stack, type).flatMap((domain) => [right(stack, domain), right(stack, domain, '/apimappings')]),
  look: async ({ stack, clients: { apiGateway }, read, names }) => {
    const [domain] = ofType(stack, type);
    if (domain === undefined) return [ok('none of your own: the issuer is the API’s endpoint')];
    const DomainName = domain.physicalId ?? '';
    const found = await read(right(stack, domain), (options) =>
      apiGateway.send(new GetDomainNameCommand({ DomainName }), options),
    );
    const mappings = await read(right(stack, domain, '/apimappings'), (options) =>
      apiGateway.send(new GetApiMappingsCommand({ DomainName }), options),
    );
    const [configuration] = found?.DomainNameConfigurations ?? [];
    if (configuration === undefined)
      return [wrong(`API Gateway does not have the domain ${DomainName}.`, 'Deploy again.')];
    const {
      DomainNameStatus,
      DomainNameStatusMessage = '',
      ApiGatewayDomainName: target = '',
    } = configuration;
    const changed = differences(Object(domain.properties['DomainNameConfigurations'])[0], configuration);
    const [mapping] = ofType(stack, 'AWS::ApiGatewayV2::ApiMapping');
    const { ApiId, Stage } = mapping?.properties ?? {};
    const isMapped = mappings?.Items?.some(
      (item) => differences({ ApiId, Stage }, item).length === 0 && (item.ApiMappingKey ?? '') === '',
    );
    const problems = [
      ...(DomainNameStatus === 'AVAILABLE'
        ? []
        : [
            wrong(
              `The domain is ${DomainNameStatus}. ${DomainNameStatusMessage}`.trim(),
              'Check that ACM has issued the certificate in the stack’s region, then wait until it is AVAILABLE.',
            ),
          ]),
      ...(changed.length === 0
        ? []
        : [wrong(`The domain differs from the template in ${changed.join(', ')}.`, deployAgain)]),
      ...(isMapped === true
        ? []
        : [wrong('The domain is not mapped to the API at its root, so it answers 403.', deployAgain)]),
      ...(await dnsProblems(DomainName, target, names)),
    ];
    return unless(problems, `${DomainName} is available, mapped, and its DNS record points to ${target}`);
  },
};

async function dnsProblems(
  domain: string,
  target: string,
  names: Examination['names'],
): Promise<readonly Problem[]> {
  if (names === undefined) return [untold('the local stack has no DNS')];
  const [own, expected] = await Promise.all([names.lookUp(domain), names.lookUp(target)]);
  const record = `Make the DNS record: a CNAME or alias of ${domain} to ${target}.`;
  if (own.tag === 'unanswered') return [untold(`the resolver did not answer for ${domain} (${own.reason})`)];
  if (own.tag === 'absent') return [wrong(`${domain} has no DNS record.`, record)];
  if (own.canonical.includes(target)) return [];
  if (expected.tag === 'found' && own.addresses.some((address) => expected.addresses.includes(address)))
    return [];
  return [wrong(`The DNS record of ${domain} does not point to ${target}.`, record)];
}
