import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { account, doorcodeTemplate } from './doorcode-template.ts';

const certificateArn = `arn:aws:acm:ap-south-1:${account}:certificate/00000000-0000-4000-8000-000000000000`;
const template = doorcodeTemplate({ customDomainName: 'auth.example.com', certificateArn });

describe('a custom domain', () => {
  it('becomes the issuer of all three who name it, without trailing slash', () => {
    const issued = template.findResources('AWS::Lambda::Function', {
      Properties: { Environment: { Variables: { ISSUER: 'https://auth.example.com' } } },
    });
    expect(Object.keys(issued)).toHaveLength(3);
    template.hasOutput('Issuer', { Value: 'https://auth.example.com' });
  });

  it('serves the stage at its root with the adopter’s certificate and TLS 1.2', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: 'auth.example.com',
      DomainNameConfigurations: [
        { CertificateArn: certificateArn, SecurityPolicy: 'TLS_1_2', IpAddressType: 'dualstack' },
      ],
    });
    template.hasResource('AWS::ApiGatewayV2::ApiMapping', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('^PublicStage')]),
      Properties: { Stage: '$default', ApiMappingKey: Match.absent() },
    });
  });

  it('leaves the gateway’s own endpoint open, and says what DNS points to', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Api', { DisableExecuteApiEndpoint: Match.absent() });
    template.hasOutput('CustomDomainTarget', {});
  });

  it('is absent by default: then the issuer is the API’s own endpoint', () => {
    const plain = doorcodeTemplate();
    plain.resourceCountIs('AWS::ApiGatewayV2::DomainName', 0);
    plain.hasOutput('Issuer', { Value: { 'Fn::GetAtt': ['ApiF70053CD', 'ApiEndpoint'] } });
  });
});
